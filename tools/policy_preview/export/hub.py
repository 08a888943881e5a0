"""A folder that the dataset hubs read: the cases by split, a card for Hugging Face, and a Croissant file.

What only people can say of the set (title, licence, how it was made, what it is not for) stands in `cases/card.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..core import UsageError
from ..plain import json_object, text
from ..workspace import Workspace
from .files import parquet
from .rows import Row

SPLITS = ("dev", "test")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)[^)\n]*\)")
_NEEDED = (
    "name",
    "title",
    "description",
    "license",
    "license_url",
    "creators",
    "citation",
    "version",
    "published",
    "url",
)
_LISTS, _OBJECTS = ("creators", "tags", "annotations_creators"), ("columns", "responsible_ai")
_RAI = "http://mlcommons.org/croissant/RAI/"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": _RAI,
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def files(workspace: Workspace, rows: Sequence[Row]) -> dict[str, bytes]:
    """Every file of the folder by its name. Raises UsageError where the card lacks something."""
    card = _card(workspace)
    by_split = {split: [row for row in rows if row["split"] == split] for split in SPLITS}
    data = {f"{split}.parquet": parquet(chosen) for split, chosen in by_split.items() if chosen}
    return {
        **data,
        "README.md": _readme(workspace, card, [split for split in SPLITS if by_split[split]]).encode(),
        "croissant.json": (json.dumps(_croissant(card, data, rows[0]), ensure_ascii=False, indent=2) + "\n").encode(),
    }


def _card(workspace: Workspace) -> Mapping[str, Any]:
    path = workspace.root / "cases" / "card.json"
    card = json_object(path, workspace.root, ", and a dataset needs its card")
    missing = [name for name in _NEEDED if not card.get(name)]
    if missing:
        raise UsageError(f"`{path}` lacks {', '.join(missing)}")
    kinds = {name: list if name in _LISTS else dict if name in _OBJECTS else str for name in card}
    wrong = [name for name, kind in kinds.items() if not isinstance(card[name], kind)]
    lists = [name for name in _LISTS if isinstance(card.get(name), list)]
    wrong += [name for name in lists if not all(isinstance(each, str) for each in card[name])]
    if wrong:
        raise UsageError(f"`{path}`: {', '.join(wrong)} should be {_kind_of(wrong[0])}")
    return card


def _kind_of(name: str) -> str:
    return "a list of texts" if name in _LISTS else "an object" if name in _OBJECTS else "a text"


def _readme(workspace: Workspace, card: Mapping[str, Any], splits: Sequence[str]) -> str:
    """The card of the hub: its head, then cases/README.md, whose links within the repository become plain text."""
    page = text(workspace.root / "cases" / "README.md", workspace.root, ", and it is the card")
    head = [
        "---",
        f"pretty_name: {json.dumps(card['title'], ensure_ascii=False)}",
        f"license: {json.dumps(card['license'].lower())}",
        "language:",
        *(f"- {json.dumps(language)}" for language in sorted({case.lang for case in workspace.used})),
        "annotations_creators:",
        *(f"- {json.dumps(each)}" for each in card.get("annotations_creators", ())),
        "tags:",
        *(f"- {json.dumps(each, ensure_ascii=False)}" for each in card.get("tags", ())),
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(line for split in splits for line in (f"  - split: {split}", f"    path: {split}.parquet")),
        "---",
        "",
    ]
    return "\n".join(head) + "\n" + _LINK.sub(r"\1", page)


def _croissant(card: Mapping[str, Any], data: Mapping[str, bytes], row: Row) -> dict[str, Any]:
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": card["name"],
        "alternateName": card["title"],
        "description": card["description"],
        "license": card["license_url"],
        "url": card["url"],
        "creator": [{"@type": "sc:Organization", "name": each} for each in card["creators"]],
        "citeAs": card["citation"],
        "version": card["version"],
        "datePublished": card["published"],
        "isLiveDataset": False,
        **{f"rai:{key}": value for key, value in sorted(card.get("responsible_ai", {}).items())},
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file,
                "name": file,
                "description": f"The cases of the split {file.partition('.')[0]}.",
                "contentUrl": file,
                "encodingFormat": "application/x-parquet",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for file, content in data.items()
        ],
        "recordSet": [_records(card, file, row) for file in data],
    }


def _records(card: Mapping[str, Any], file: str, row: Row) -> dict[str, Any]:
    """The records of one file: a field for each column that is text or a number."""
    split = file.partition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": "One record a case. Columns that are lists stand in the file only.",
        "key": {"@id": f"{split}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{split}/{key}",
                "name": f"{split}/{key}",
                "description": card.get("columns", {}).get(key, key),
                "dataType": "sc:Integer" if isinstance(value, int) else "sc:Text",
                "source": {"fileObject": {"@id": file}, "extract": {"column": key}},
            }
            for key, value in row.items()
            if not isinstance(value, list)
        ],
    }
