"""Homes share one copy of the server's jar, which is not the one that Maven writes into."""

import pytest
from conftest import ROOT, free_port, script

BUILT = ROOT / "registry-server/target/millrace-registry.jar"


def test_homes_link_to_one_copy_that_a_build_does_not_touch(tmp_path):
    if tmp_path.stat().st_dev != ROOT.stat().st_dev:
        pytest.skip("homes on another file system have copies of their own")
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        script("registry", "start", "--home", home, "--port", free_port())
    try:
        jars = [home / "registry/millrace-registry.jar" for home in homes]
        assert jars[0].samefile(jars[1])
        assert not jars[0].samefile(BUILT)
        assert jars[0].read_bytes() == BUILT.read_bytes()
        assert sorted(file.name for file in jars[0].parent.glob("*.jar*")) == [jars[0].name], "something was left behind"
    finally:
        for home in homes:
            script("registry", "stop", "--home", home)
