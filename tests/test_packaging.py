"""The wheel holds what the program reads, and the five package names are ours alone."""

import configparser
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel without network; give the open archive."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def source_files():
    command = ["git", "ls-files", "--", *PACKAGES]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {line for line in done.stdout.splitlines() if (ROOT / line).is_file()}


def member(wheel, ending):
    (found,) = [path for path in wheel.namelist() if path.endswith(ending)]
    return wheel.read(found).decode()


def test_every_committed_file_of_the_five_packages_is_in_the_wheel(wheel):
    assert source_files() - set(wheel.namelist()) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"templates/rma/[\w-]+\.fr\.md",
        r"templates/rma/[\w-]+\.en\.md",
        r"handlers/workflows/rma\.yaml",
        r"storage/migrations/.*\.py",
    ],
)
def test_notices_workflows_and_migrations_are_in_the_wheel(wheel, pattern):
    assert [path for path in wheel.namelist() if re.fullmatch(pattern, path)]


def test_nothing_but_the_five_packages_is_installed(wheel):
    tops = {path.split("/")[0] for path in wheel.namelist()}
    assert {top for top in tops if not top.startswith("savd-")} == set(PACKAGES)


def test_the_unit_lands_in_share(wheel):
    assert "ExecStart=" in member(wheel, "data/share/savd/systemd/savd.service")


def test_the_command_is_savd(wheel):
    points = configparser.ConfigParser()
    points.read_string(member(wheel, "entry_points.txt"))
    assert dict(points["console_scripts"]) == {"savd": "daemon.__main__:main"}


def test_the_wheel_cannot_be_published_and_names_its_licence(wheel):
    metadata = member(wheel, "METADATA")
    assert "Classifier: Private :: Do Not Upload" in metadata
    assert "License-Expression: Apache-2.0" in metadata


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_name_is_ours_alone(package):
    """python-daemon, for one, would write into our package without a word from pip."""
    assert set(packages_distributions().get(package, [])) <= {"savd"}
    assert Path(importlib.util.find_spec(package).origin).parents[1] == ROOT


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_name_is_not_the_standard_librarys(package):
    assert package not in sys.stdlib_module_names
