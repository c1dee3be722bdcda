"""Where rows come from: files of several formats, or a table of a database; always as a stream, never changed."""

from __future__ import annotations

from pathlib import Path

from service.domain.errors import BadRequest
from service.importing.mapping import Mapping, SourceRule
from service.importing.sources.database import database_tables
from service.importing.sources.delimited import DelimitedFile
from service.importing.sources.json_lines import JsonLinesFile
from service.importing.sources.parquet import ParquetTable
from service.importing.sources.source import Read, Source

__all__ = ["Read", "Source", "opened"]

_DELIMITED = {".csv": ",", ".tsv": "\t", ".txt": None}
_LINES = (".ndjson", ".jsonl")


def opened(mapping: Mapping, words: list[str]) -> list[Source]:
    """Sources of a command's words: ``orders.csv``, ``orders=export-3.csv``, a database URL or ``env:NAME`` of one."""
    found: list[Source] = []
    for word in words:
        if "://" in word or word.startswith("env:"):
            found += database_tables(mapping, word)
        else:
            found.append(_file(mapping, word))
    named = [(source.name, source.identity()) for source in found]
    if len(set(named)) < len(named):
        raise BadRequest("A source is given twice; name each once.")
    return found


def _file(mapping: Mapping, word: str) -> Source:
    name, given, rest = word.partition("=")
    path = Path(rest if given and name in mapping.sources else word)
    if not (given and name in mapping.sources):
        name = path.name.split(".")[0]
    rule = mapping.sources.get(name)
    if rule is None:
        raise BadRequest(
            f"The mapping {mapping.name} has no source {name!r}; say which it is, e.g. "
            f"{next(iter(mapping.sources))}={path.name}. It has {', '.join(mapping.sources)}."
        )
    if not path.is_file():
        raise BadRequest(f"There is no file {path}.")
    return _of_format(name, rule, path)


def _of_format(name: str, rule: SourceRule, path: Path) -> Source:
    endings = [each.lower() for each in path.suffixes]
    ending = endings[-2] if len(endings) > 1 and endings[-1] == ".gz" else (endings or [""])[-1]
    if ending in _DELIMITED:
        return DelimitedFile(name, rule, path, delimiter=_DELIMITED[ending])
    if ending in _LINES:
        return JsonLinesFile(name, rule, path)
    if ending == ".parquet":
        return ParquetTable(name, rule, path)
    raise BadRequest(
        f"{path.name} is of no format that is read: .csv, .tsv, .txt, .ndjson, .jsonl (each also .gz) or .parquet."
    )
