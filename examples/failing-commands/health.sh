# Waits for the next heart beat: for ever, if the service hangs.
rm -f run/beat
until [ -s run/beat ]; do sleep 0.05; done
echo "it beats"
