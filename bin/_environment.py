"""Make or update ROOT/.venv from requirements/base.txt or dev.txt, when it is not there or they have changed.

Runs on any Python 3.8+ with nothing but the standard library. The environment's own Python is a 3.12+ of this machine,
else one that uv fetches.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = ROOT / ".uv"
CANDIDATES = ("python3.13", "python3.14", "python3.12", "python3")
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 12))"


def main(kind):
    with (ROOT / ".venv.lock").open("w") as lock:  # two scripts at once: the second finds everything done
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(kind):
            print("Setting up the environment in %s (only when the requirements change)" % VENV, file=sys.stderr)
            trust_this_machine()
            make(find_uv(), kind)


def is_current(kind):
    """A development environment has all that the base needs."""
    return works(str(PYTHON), NEW_ENOUGH) and any(stamp(one).exists() for one in (kind, "dev"))


def stamp(kind):
    digest = hashlib.sha256()
    for path in (requirements(kind), ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return VENV / ("linktime-%s-%s" % (kind, digest.hexdigest()[:20]))


def requirements(kind):
    return ROOT / "requirements" / ("%s.txt" % kind)


def trust_this_machine():
    """Have uv trust the certificates that this machine trusts: many networks have one of their own."""
    bundles = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    if sys.platform == "darwin" or any(Path(path).exists() for path in bundles):
        os.environ.setdefault("UV_SYSTEM_CERTS", "true")
        os.environ.setdefault("UV_NATIVE_TLS", "true")  # its name in older versions of uv


def make(uv, kind):
    if not works(str(PYTHON), NEW_ENOUGH):
        make_venv(uv)
    pip, here = [uv, "pip"], ["--quiet", "--python", str(PYTHON)]
    exactly = ["sync"] if kind == "dev" else ["install", "-r"]  # what else is in a base environment may stay
    # Compiled now, since not every machine lets Python keep what it compiles: a start takes a third of the time.
    run(pip + exactly + [str(requirements(kind)), "--require-hashes", "--compile-bytecode"] + here)
    run(pip + ["install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)] + here)
    run([str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(ROOT / "linktime")])
    for old in VENV.glob("linktime-%s-*" % kind):
        old.unlink()
    stamp(kind).touch()


def make_venv(uv):
    """Make an empty environment with a Python of this machine, else with one that uv fetches."""
    shutil.rmtree(str(VENV), ignore_errors=True)
    mine = next((path for path in map(shutil.which, CANDIDATES) if path and works(path, NEW_ENOUGH)), None)
    version = (ROOT / ".python-version").read_text().strip()
    if not quietly([uv, "venv", "--quiet", "--no-project", "--python", mine or version, str(VENV)]):
        sys.exit(
            "LinkTime needs Python 3.12 or newer; there is none here and none could be fetched. "
            "Install Python %s and run this again." % version
        )


def find_uv():
    """Return a uv that works: of this machine, else our own, installed with pip into a folder of ours."""
    own = [UV / "bin" / "uv", UV / "packages" / "bin" / "uv"]
    for path in [shutil.which("uv")] + [str(one) for one in own]:
        if path and works(path, "--version"):
            return path
    pinned = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(ROOT / "requirements" / "uv.txt")]
    tries = [
        ([sys.executable, "-m", "venv", "--clear", str(UV)], [str(UV / "bin" / "python"), "-m", "pip", "install"]),
        (None, [sys.executable, "-m", "pip", "install", "--target", str(UV / "packages")]),
    ]
    for (before, install), path in zip(tries, own):
        if (before is None or quietly(before)) and quietly(install + pinned) and works(str(path), "--version"):
            return str(path)
    sys.exit(
        "LinkTime needs uv to set itself up, and pip could not get it. "
        "Install it (https://docs.astral.sh/uv/) and run this again."
    )


def works(program, argument):
    """Say whether a Python runs a line of code, or another program an option."""
    command = [program, argument] if argument.startswith("-") else [program, "-c", argument]
    return quietly(command)


def quietly(command):
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


def run(command):
    if subprocess.run(command, check=False).returncode:
        sys.exit("The environment could not be set up: see above. Check the network and run this again.")


if __name__ == "__main__":
    main(sys.argv[1])
