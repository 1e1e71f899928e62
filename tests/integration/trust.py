"""What the tests of who may share: certificates made by openssl, tokens in files, curl, and a daemon behind TLS."""

import json
import pathlib
import secrets
import subprocess

import described
from harness import Iwakand, TestFailed, check, wait_until


def openssl(folder, *arguments, text=None):
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=folder, input=text, capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, f"openssl {arguments}: {done.stderr}")
    return done.stdout


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        self.file = folder / f"{name}.pem"

    def sign(self, name, subject, san, usage, days=2):
        """NAME.pem and NAME.key."""
        openssl(self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.folder / f"{name}.key").chmod(0o600)
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={san}\nextendedKeyUsage={usage}\nbasicConstraints=CA:FALSE\n")
        openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem", "-CAkey", f"{self.name}.key",
                "-CAcreateserial", "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def sign_server(self, name):
        self.sign(name, "/CN=iwakan", "DNS:localhost,IP:127.0.0.1", "serverAuth")

    def sign_client(self, name, subject, san):
        self.sign(name, subject, san, "clientAuth")


class Tokens:
    """Each in a file of its own, readable by its owner."""

    def __init__(self, folder):
        self.folder = folder
        self.by_name = {}

    def make(self, name):
        self.by_name[name] = f"canary-{name}-{secrets.token_hex(16)}"
        path = self.path(name)
        path.write_text(self.by_name[name] + "\n")
        path.chmod(0o600)
        return {"file": str(path)}

    def path(self, name):
        return self.folder / f"token-{name}"

    def __getitem__(self, name):
        return self.by_name[name]


def curl(*arguments, body=None):
    """(status, text); status 0 when there was no answer."""
    status, text, _ = answered(*arguments, body=body)
    return status, text


def answered(*arguments, body=None):
    """(status, text, media type)"""
    command = ["curl", "--silent", "--show-error", "--max-time", "10", "--noproxy", "*",
               "--write-out", "\n%{http_code} %{content_type}"]
    if body is not None:
        command += ["--data-binary", "@-", "--header", "Content-Type: application/json"]
    done = subprocess.run([*command, *map(str, arguments)], input=body, capture_output=True, text=True, timeout=30)
    text, _, said = done.stdout.rpartition("\n")
    status, _, kind = said.partition(" ")
    return int(status or 0), text or done.stderr, kind


class SecureIwakand(Iwakand):
    """The daemon, spoken to by curl over TLS."""

    def __init__(self, folder, settings, ca, environment=None):
        super().__init__(folder, settings, environment)
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca = ca

    def wait_ready(self, seconds=30):
        def ready():
            check(self.running(), f"iwakand ended at start:\n{self.tail()}")
            return self.ask("GET", "/-/ready")[0] == 200
        wait_until(ready, "iwakand ready", seconds)
        return self

    def ask(self, method, path, token=None, body=None, more=()):
        if method == "POST" and body is None:
            body = ""
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
        headers = ["--header", f"Authorization: Bearer {token}"] if token else []
        status, text, kind = answered("--cacert", self.ca, "--request", method, *headers, *more, self.url + path, body=body)
        if "--include" not in more:
            described.hold(method, path, body, status, kind, text)
        return status, text

    def metric_as(self, token, name, **labels):
        status, text = self.ask("GET", "/metrics", token)
        check(status == 200, f"/metrics answered {status}: {text}")
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if line.startswith((name + "{", name + " ")) and all(f'{k}="{v}"' in line for k, v in labels.items()))

    def write(self, settings):
        (pathlib.Path(self.log).parent / "iwakand.yaml").write_text(json.dumps(settings, ensure_ascii=False))


def refused_by(text):
    try:
        return json.loads(text)["error"]["reason"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise TestFailed(f"no refusal that says why: {text!r}") from wrong
