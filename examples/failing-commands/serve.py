# Listens on the port that `port` names, or on any that is free, and says so there.
import errno, os, socket, sys, time

server = socket.socket()
wanted = int(open("port").read()) if os.path.exists("port") else 0
try:
    server.bind(("127.0.0.1", wanted))
except OSError as error:
    sys.exit(f"{errno.errorcode[error.errno]}: address already in use 127.0.0.1:{wanted}")
server.listen()
with open("port.new", "w") as file:
    file.write(str(server.getsockname()[1]))
os.rename("port.new", "port")
time.sleep(300)
