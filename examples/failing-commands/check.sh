# A test that fails twice and passes then.
echo try >> tries
if [ "$(wc -l < tries)" -lt 3 ]; then
  echo "FAILED tests/flaky/test_clock.py::test_tick"
  exit 1
fi
echo "1 passed"
