"""A shop's guidance, read and checked. What an unchanged shop came to is taken from its index folder instead."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from convagent.actions import ActionRegistry, with_registry
from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding, has_errors, in_order
from convagent.guidance.interpreter.kernel import Do, Kernel, statements_within
from convagent.guidance.kept_guides import KeptGuides, ParsedFile, keep_guides, kept, load_guides, parsed_files
from convagent.guidance.language.expressions import Literal_
from convagent.guidance.language.reading import read_text
from convagent.guidance.language.syntax import Guide, GuideFile
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.settings import Settings

if TYPE_CHECKING:
    from convagent.guidance.checks.check import CheckSettings
    from convagent.guidance.language.translations import Translations

__all__ = [
    "ShopGuidance",
    "articles_named",
    "check_guidance",
    "check_settings",
    "guidance_error",
    "read_guidance",
    "shop_guidance",
    "shop_vocabulary",
]

Value = TypeVar("Value")

_ROOMS = ("actions", "facts", "guidance", "handover")
"""What guidance is read and checked by, besides the modules of the package itself."""

_ALSO = (
    Path("understanding", "guide_kinds.py"),
    *(Path("answering", "voice", f"{name}.py") for name in ("applied", "check", "guides", "settings", "words")),
)
"""What else is reckoned from guides, or checks them, and is kept with them."""


@dataclass
class ShopGuidance:
    """A shop's guidance.

    Attributes:
        texts: Name and text of each file, in the order of their names.
        guides: What they came to.
        folder: Where it is kept; None for nowhere.
        key: Hash of everything that it came from.
    """

    texts: tuple[tuple[str, str], ...]
    guides: KeptGuides
    folder: Path | None
    key: str

    @cached_property
    def parsed(self) -> tuple[ParsedFile, ...]:
        """The tree of each file with the faults of its syntax, read when they are first asked for."""
        return tuple(_parsed(self.texts, self.folder))

    @cached_property
    def files(self) -> tuple[GuideFile, ...]:
        """The files as syntax trees."""
        return tuple(file for file, _ in self.parsed)

    def keep(self) -> None:
        """Keeps in the folder what guidance came to, for the next opening: where `shop_guidance` was told not to."""
        if self.folder is not None:
            trees = dict(zip(self.texts, self.parsed, strict=True))
            parsed_files(self.texts, parse=lambda text, name: trees[name, text], folder=self.folder, version=_engine())
            keep_guides(self.folder, self.key, self.guides)

    def kept(self, name: str, reckon: Callable[[], Value]) -> Value:
        """Something that is reckoned from the guides and the actions alone, kept between runs.

        Args:
            name: What it is, a word.
            reckon: Reckons it: a set of names, or anything else that stands in trees.
        """
        return kept(name, self.folder, self.key, reckon=reckon)


def shop_guidance(
    path: Path,
    settings: Settings,
    *,
    registry: Callable[[], ActionRegistry],
    folder: Path | None,
    vocabulary: Vocabulary | None = None,
    known: ShopGuidance | None = None,
) -> tuple[ShopGuidance, ActionRegistry]:
    """Reads and checks a shop's guidance, or takes what was kept of it where nothing has changed since.

    Args:
        path: The shop's folder.
        settings: Its `convagent.toml`.
        registry: Reads its actions; where that fails, a fault of syntax is told before the failure.
        folder: Where guidance is kept; None for nowhere.
        vocabulary: What names mean, where that is known already.
        known: Guidance of the same shop, read earlier in this process: only files that changed since are parsed, and nothing is
            kept before `ShopGuidance.keep` is called.

    Raises:
        GuidanceError: Guidance has errors; all of them are named together.
        ActionError: Actions can't be loaded.
    """
    below = path / settings.guidance.folder
    read = [(name, read_text(file, name)) for name, file in _guidance_files(below, path)]
    texts = tuple((name, text) for name, text in read if isinstance(text, str))
    unread = [found for _, found in read if isinstance(found, Finding)]
    if unread:
        raise guidance_error(in_order((*unread, *_faults(texts, folder))))
    try:
        actions = registry()
        vocabulary = vocabulary or shop_vocabulary(settings, actions)
        key = _key(below, settings, vocabulary, texts)
    except Exception:
        if has_errors(faults := _faults(texts, folder)):
            raise guidance_error(faults) from None
        raise
    found = load_guides(folder, key) if folder is not None and known is None else None
    if found is not None:
        return ShopGuidance(texts, found, folder, key), actions
    parsed = _parsed(texts, folder) if known is None else _parsed_since(known, texts)
    read_now = ShopGuidance(texts, _read_anew(path, settings, vocabulary, parsed, folder), folder, key)
    read_now.parsed = tuple(parsed)
    if folder is not None and known is None:
        keep_guides(folder, key, read_now.guides)
    return read_now, actions


def _faults(texts: tuple[tuple[str, str], ...], folder: Path | None) -> tuple[Finding, ...]:
    """Every fault of syntax."""
    return in_order(finding for _, found in _parsed(texts, folder) for finding in found)


def read_guidance(folder: Path, *, base: Path | None = None) -> tuple[tuple[GuideFile, ...], tuple[Finding, ...]]:
    """All guidance files of a folder, in the order of their names, with every fault of their syntax.

    Args:
        folder: The guidance folder.
        base: Files are named relative to it.

    Raises:
        GuidanceError: A file can't be read at all.
    """
    from convagent.guidance.language.parse import parse_file

    files: list[GuideFile] = []
    findings: list[Finding] = []
    for name, path in _guidance_files(folder, base):
        file, found = parse_file(path, name=name)
        files.append(file)
        findings.extend(found)
    return tuple(files), in_order(findings)


def check_guidance(
    files: tuple[GuideFile, ...], faults: tuple[Finding, ...], settings: Settings, registry: ActionRegistry, *,
    articles: frozenset[str] | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Faults of syntax and everything else that is wrong with guidance."""
    return _checked(files, faults, settings, shop_vocabulary(settings, registry), articles=articles)


def check_settings(settings: Settings) -> CheckSettings:
    """How the guidance of a shop is checked: what it ignores, its language, hours and voice."""
    from convagent.answering.voice.guides import text_check
    from convagent.guidance.checks.check import CheckSettings

    voice, language = text_check(settings.voice), settings.shop.language
    return CheckSettings(
        ignore=frozenset(settings.guidance.ignore), language=language,
        has_business_days=any(hours.days for hours in [*settings.hours.values()][:1]),
        voice=None if voice is None else lambda text: voice(text, language),
    )  # fmt: skip


def articles_named(kernel: Kernel) -> frozenset[str]:
    """The articles that guides name in `answer from`, in lower case."""
    answers = (
        each
        for guide in kernel.guides
        for each in statements_within(guide.body)
        if isinstance(each, Do) and each.action == "answer"
    )
    named = (argument.value for each in answers for argument in each.arguments if argument.name == "article")
    return frozenset(str(value.value).strip().casefold() for value in named if isinstance(value, Literal_))


def shop_vocabulary(settings: Settings, registry: ActionRegistry) -> Vocabulary:
    """What names mean: the standard facts, what the shop adds, its actions.

    Raises:
        GuidanceError: A type under `[facts]` can't be read.
    """
    vocabulary = with_registry(Vocabulary.standard(), registry)
    return vocabulary.with_facts(settings.facts, place="convagent.toml [facts]") if settings.facts else vocabulary


def guidance_error(findings: tuple[Finding, ...]) -> GuidanceError:
    """One error that names every fault."""
    errors = [finding for finding in findings if finding.severity == "error"]
    shown = [
        f"{f.file}:{f.line}:{f.column}: {f.message} [{f.code}]\n{f.caret()}\n    {f.remedy}".rstrip()
        for f in errors[:20]
    ]
    more = f"\n… and {len(errors) - 20} more" if len(errors) > 20 else ""
    error = GuidanceError(
        f"{len(errors)} fault{'s' if len(errors) != 1 else ''} in the guidance\n" + "\n".join(shown) + more,
        code="guidance-faults", remedy="`convagent guidance check` lists them all.",
    )  # fmt: skip
    error.findings = findings
    return error


def _guidance_files(folder: Path, base: Path | None) -> Iterator[tuple[str, Path]]:
    """Each file with the name that findings use."""
    for path in sorted(folder.rglob("*.md")) if folder.is_dir() else []:
        if path.is_dir():
            continue
        within = base is not None and path.is_relative_to(base)
        yield (path.relative_to(base).as_posix() if within and base is not None else str(path)), path


def _parsed(texts: tuple[tuple[str, str], ...], folder: Path | None) -> list[ParsedFile]:
    def parse(text: str, name: str) -> ParsedFile:
        from convagent.guidance.language.parse import parse_text

        return parse_text(text, name)

    return parsed_files(texts, parse=parse, folder=folder, version=_engine())


def _parsed_since(known: ShopGuidance, texts: tuple[tuple[str, str], ...]) -> list[ParsedFile]:
    """The same, with the trees of files that are as they were."""
    from convagent.guidance.language.parse import parse_text

    trees = dict(zip(known.texts, known.parsed, strict=True))
    return [trees.get((name, text)) or parse_text(text, name) for name, text in texts]


def _read_anew(
    path: Path,
    settings: Settings,
    vocabulary: Vocabulary,
    parsed: Sequence[ParsedFile],
    folder: Path | None,
) -> KeptGuides:
    """Checks everything."""
    from convagent.guidance.interpreter.desugar import desugar
    from convagent.guidance.language.translations import check_translations, read_translations

    faults = in_order(finding for _, found in parsed for finding in found)
    if has_errors(faults):
        raise guidance_error(faults)
    files = tuple(file for file, _ in parsed)
    findings = _checked(files, faults, settings, vocabulary)
    if has_errors(findings):
        raise guidance_error(findings)
    below = path / settings.guidance.folder
    translations, lost = read_translations(below, base=path)
    guides = [guide for file in files for guide in file.guides]
    own = _own_texts(settings, guides, translations, folder)
    findings = in_order((*findings, *lost, *check_translations(guides, translations, folder=below), *own))
    if has_errors(findings):
        raise guidance_error(findings)
    return KeptGuides(desugar(guides), findings, translations)


def _checked(
    files: tuple[GuideFile, ...], faults: tuple[Finding, ...], settings: Settings, vocabulary: Vocabulary, *,
    articles: frozenset[str] | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    from convagent.guidance.checks.check import check

    found = check(
        files, vocabulary, articles=articles, teams=frozenset(settings.teams) or None,
        settings=check_settings(settings), faults=faults,
    )  # fmt: skip
    return in_order((*faults, *found))


def _own_texts(
    settings: Settings, guides: list[Guide], translations: Translations, folder: Path | None
) -> tuple[Finding, ...]:
    """What texts beyond the guides say that guides forbid; looked through again only when one of the two changed."""
    from convagent.guidance.language.translations import nevers_of
    from convagent.own_texts import check_texts_of_shop

    forbidden = [(guide.title, never.words) for guide in guides for never in nevers_of(guide)]
    catalogues = [(language, sorted(texts.items())) for language, texts in translations.texts.items()]
    key = _hash(_engine(), settings.model_dump_json(), repr((forbidden, catalogues, dict(translations.files))))
    return kept("own-texts", folder, key, reckon=lambda: check_texts_of_shop(settings, guides, translations))


def _key(below: Path, settings: Settings, vocabulary: Vocabulary, texts: tuple[tuple[str, str], ...]) -> str:
    """Hash of everything that reading and checking depends on."""
    catalogues = [(file.name, file.read_bytes()) for file in sorted((below / "translations").glob("*.yaml"))]
    return _hash(_engine(), settings.model_dump_json(), repr(vocabulary), repr(texts), repr(catalogues))


@cache
def _engine() -> str:
    """The package as it is installed: another version, or a module that was edited, reads everything anew."""
    package = Path(__file__).parent
    told = [(path, path.stat()) for path in _modules(package)]
    return _hash(
        sys.version, *(f"{path.relative_to(package)} {stat.st_size} {stat.st_mtime_ns}" for path, stat in told)
    )


def _modules(package: Path) -> Iterator[Path]:
    """Files that say how guidance is read and checked."""
    yield from sorted(path for path in package.iterdir() if path.suffix == ".py")
    yield from (package / name for name in _ALSO)
    for room in _ROOMS:
        for folder, folders, names in os.walk(package / room):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names) if name.endswith((".py", ".toml", ".lark")))


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)} {part}".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:24]
