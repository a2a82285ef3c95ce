"""Check a source distribution and the wheel that was built from it: files and metadata.

`python .ci/distributions.py DIRECTORY`, from the repository's root.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from packaging.metadata import Metadata

# What the source distribution has to hold besides the package.
_SOURCES = (
    "pyproject.toml",
    "setup.cfg",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/conf.py",
    "docs/index.md",
)


def main() -> int:
    """Return the exit status."""
    directory = Path(sys.argv[1])
    (source,), (wheel,) = directory.glob("*.tar.gz"), directory.glob("*.whl")
    package = set(_tracked("cdds_django"))
    with tarfile.open(source) as archive:
        in_source = {name.partition("/")[2] for name in archive.getnames()}
        (root,) = {name.partition("/")[0] for name in archive.getnames()}
        metadata = archive.extractfile(f"{root}/PKG-INFO")
        assert metadata is not None
        complaints = _complaints_about(metadata.read(), source.name)
    with zipfile.ZipFile(wheel) as built:
        in_wheel = {name for name in built.namelist() if ".dist-info/" not in name}
        (name,) = (name for name in built.namelist() if name.endswith(".dist-info/METADATA"))
        complaints += _complaints_about(built.read(name), wheel.name)
        licenses = [name for name in built.namelist() if name.endswith("/LICENSE")]
    complaints += [
        f"not in the source distribution: {n}" for n in {*package, *_SOURCES} - in_source
    ]
    complaints += [f"not in the wheel: {name}" for name in package - in_wheel]
    complaints += [f"in the wheel, not of the package: {name}" for name in in_wheel - package]
    complaints += [] if licenses else ["not in the wheel: LICENSE"]
    for complaint in sorted(complaints):
        print(complaint, file=sys.stderr)
    print(f"{source.name}: {len(in_source)} files; {wheel.name}: {len(in_wheel)} files")
    return 1 if complaints else 0


def _tracked(directory: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", directory], capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def _complaints_about(text: bytes, name: str) -> list[str]:
    """Return what an index would refuse, or show badly."""
    try:
        metadata = Metadata.from_email(text, validate=True)
    except ExceptionGroup as group:
        return [f"{name}: {error}" for error in group.exceptions]
    found = []
    if metadata.description_content_type != "text/markdown" or not metadata.description:
        found.append(f"{name}: the description isn't the README")
    if not metadata.summary or not metadata.license_expression:
        found.append(f"{name}: no summary, or no license")
    if "docs" not in (metadata.provides_extra or ()):
        found.append(f"{name}: its extras are missing")
    return found


if __name__ == "__main__":
    sys.exit(main())
