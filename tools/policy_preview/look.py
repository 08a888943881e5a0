"""Looking at the files of a workspace: one file of cases, or all that lies under spec/."""

from __future__ import annotations

from pathlib import Path

from .across import across, heads
from .cache import combined
from .looked import Ground, Looked
from .tree import Source
from .validate import between, facts, lines_of, scopes, told_by
from .workspace import Workspace, load, view


def spec(root: Path) -> Workspace:
    """All that lies under spec/, which files of cases are held against."""
    return load(root, tops=("spec",))


def look(spec: Workspace, source: Source, taken: frozenset[str] = frozenset()) -> Looked:
    """Read and check one file of cases. `taken`: ids of cases that an earlier file has given."""
    found = view(spec, source.path, source.fault, source.name, taken)
    findings = [*found.findings, *told_by("family", "both", of=found)]
    file, (head,) = found.files[0], heads(found)
    looked = Looked(
        file.document.digest,
        head,
        file.valid,
        len(found.cases),
        tuple(findings),
        tuple(scopes(found).get(source.name, ())),
        lines_of(found.files, findings),
    )
    file.document.data = None  # parts the data from the document that finds its places, so that both can go
    return looked


def ground(spec: Workspace) -> Ground:
    """Check all that lies under spec/."""
    findings = [*spec.findings, *told_by("spec", "both", of=spec), *between(across(spec))]
    return Ground(
        digest_of(spec),
        {file.document.file: (int(file.kind == "policy"), facts(spec, {file.document.file})) for file in spec.files},
        tuple(spec.left_out),
        tuple(findings),
        scopes(spec),
        lines_of(spec.files, findings),
    )


def digest_of(spec: Workspace) -> str:
    """Of all that was read under spec/; empty where some of it could not be."""
    return combined((file.document.file, file.document.digest) for file in spec.files)
