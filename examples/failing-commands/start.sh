# A service that answers by its heart beat. It is in a session of its own: what a command leaves in its process group
# ends with the command.
mkdir -p run; rm -f run/service.pid
setsid sh -c 'echo $$ > run/service.pid; while :; do date > run/beat; sleep 0.1; done' > /dev/null 2>&1 &
until test -s run/service.pid; do sleep 0.05; done
