# Starts on a state of version 2; with --check it only looks whether it would.
version=$(sed -n 's/.*"version": \([0-9]*\).*/\1/p' var/state.json)
if [ "$version" != 2 ]; then
  echo "state is of version $version, expected 2"
  exit 1
fi
grep -q '"currency"' var/state.json || { echo "state has no currency"; exit 1; }
echo "started"
