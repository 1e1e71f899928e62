#!/usr/bin/python3
"""Goal: what systemd/ ships is understood by systemd 252 without a warning, is as closed as promised, and
makes the user and the folders that it says.

Method: each check gives the shipped file, as it is or with only the path of the program replaced, to
systemd's own offline tool, in a folder of its own, and looks at everything the tool says.

    units.py ROOT verify|security|sysusers|tmpfiles
"""

import os
import shutil
import stat
import subprocess
import sys
import tempfile

EXPOSURE_MAX = 2.0


def run(*command: str, may_fail: bool = False) -> str:
    """All that the tool says."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=False)
    print("$", " ".join(command), done.stdout, sep="\n")
    assert may_fail or done.returncode == 0, f"{command[0]} failed with {done.returncode}"
    return done.stdout


def unit_text(root: str) -> str:
    """The unit with a program that exists: iwakand need not be installed where the tests run."""
    with open(os.path.join(root, "systemd", "iwakand.service"), encoding="utf-8") as file:
        text = file.read()
    assert text.count("/usr/bin/iwakand") == 2, "ExecStart and the check of ExecReload name the program"
    return text.replace("/usr/bin/iwakand", "/bin/true")


def written(folder: str, text: str) -> str:
    path = os.path.join(folder, "iwakand.service")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def check_verify(root: str, folder: str) -> None:
    text = unit_text(root)
    verify = ("systemd-analyze", "verify", "--man=no")
    said = run(*verify, written(folder, text), may_fail=True)
    assert said == "", f"systemd-analyze verify says: {said}"
    # The check can fail: a key that systemd does not know is noticed.
    said = run(*verify, written(folder, text.replace("[Service]", "[Service]\nPrivatePIDs=yes")), may_fail=True)
    assert "PrivatePIDs" in said, f"an unknown key went unnoticed: {said!r}"


def check_security(root: str, folder: str) -> None:
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager", written(folder, unit_text(root)))
    level = float(said.split("Overall exposure level")[1].split(":")[1].split()[0])
    assert level <= EXPOSURE_MAX, f"exposure is {level}, promised is {EXPOSURE_MAX} or lower"
    # What the daemon needs must not be hardened away: readiness and the watchdog go through AF_UNIX.
    families = next(line for line in unit_text(root).splitlines() if line.startswith("RestrictAddressFamilies="))
    assert {"AF_UNIX", "AF_INET", "AF_INET6"} <= set(families.split("=")[1].split()), families


def make_users(root: str, folder: str) -> dict[str, list[str]]:
    """The accounts that sysusers makes in an empty system, by name."""
    for name in ("etc", "usr/lib/sysusers.d", "usr/lib/tmpfiles.d", "var/lib"):
        os.makedirs(os.path.join(folder, name))
    shutil.copy(os.path.join(root, "systemd", "iwakan.sysusers.conf"), os.path.join(folder, "usr/lib/sysusers.d/iwakan.conf"))
    shutil.copy(os.path.join(root, "systemd", "iwakan.tmpfiles.conf"), os.path.join(folder, "usr/lib/tmpfiles.d/iwakan.conf"))
    run("systemd-sysusers", f"--root={folder}")
    with open(os.path.join(folder, "etc/passwd"), encoding="utf-8") as file:
        return {line.split(":")[0]: line.strip().split(":") for line in file}


def check_sysusers(root: str, folder: str) -> None:
    account = make_users(root, folder)["iwakan"]
    assert account[5] == "/var/lib/iwakan", account
    assert account[6] == "/usr/sbin/nologin", account
    assert 0 < int(account[2]) < 1000, f"a system account, not {account[2]}"


def check_tmpfiles(root: str, folder: str) -> None:
    user = int(make_users(root, folder)["iwakan"][2])
    is_root = os.geteuid() == 0
    if not is_root:  # Only root can give folders to others: look at the modes alone.
        shipped = os.path.join(folder, "usr/lib/tmpfiles.d/iwakan.conf")
        with open(shipped, encoding="utf-8") as file:
            rows = [line.split() for line in file if not line.startswith("#")]
        with open(shipped, "w", encoding="utf-8") as file:
            file.writelines(" ".join([*row[:3], "-", "-", "-"]) + "\n" for row in rows)
    run("systemd-tmpfiles", f"--root={folder}", "--create")
    for path, mode, owner in (("etc/iwakan", 0o750, 0), ("etc/iwakan/credentials", 0o700, 0), ("var/lib/iwakan", 0o700, user)):
        found = os.stat(os.path.join(folder, path))
        assert stat.S_IMODE(found.st_mode) == mode, f"{path} has mode {stat.S_IMODE(found.st_mode):o}, not {mode:o}"
        assert not is_root or found.st_uid == owner, f"{path} belongs to {found.st_uid}, not {owner}"


def main() -> None:
    root, check = sys.argv[1:]
    checks = {"verify": check_verify, "security": check_security, "sysusers": check_sysusers, "tmpfiles": check_tmpfiles}
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        checks[check](root, folder)


if __name__ == "__main__":
    main()
