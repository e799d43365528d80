"""mynah-server as a process of a check."""
import subprocess


class Server:
    """The server at free ports, which ends with the block."""

    def __init__(self, program, *arguments):
        self.command = [program, "--port", "0", "--wyoming-port", "0", *arguments]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.http = self.process.stdout.readline().strip()
        self.wyoming = self.process.stdout.readline().strip()
        if not self.wyoming:
            raise SystemExit("the server does not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(20)
        if status != 0:
            raise SystemExit(f"the server ends with status {status}")
