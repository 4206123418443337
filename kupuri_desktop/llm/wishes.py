"""Understands a wish by rules: what to draw, how many, which shape, from which image."""

import re
from dataclasses import dataclass, field
from typing import Any

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.generation import MAX_COUNT, MAX_SEED, parse_aspect
from kupuri_desktop.llm.lexicon import Lexicon, Lexicons

_SIZE = re.compile(r"(?<![\w.])(\d{2,5})\s*[x×]\s*(\d{2,5})(?:\s*(?:px|pixels?))?(?!\w)", re.I)
_RATIO = re.compile(r"(?<![\w.:])(\d{1,2})\s*:\s*(\d{1,2})(?![\w:])")
_TIMES = re.compile(r"(?<!\w)(?:x\s*(\d{1,2})|(\d{1,2})\s*x)(?!\w)", re.I)
_SEED = re.compile(
    r"(?:with\s+)?(?:seed|Startwert|semilla|graine|种子)\s*[:=#]?\s*(\d{1,16})", re.I
)
_ABOUT = re.compile(r"(?:of|about|for|with|von|über|mit|de|sobre|con|sur|avec)\b", re.I)
_ZH_COUNT = re.compile(r"([一两二三四五六七八九十几]|\d{1,2})\s*(?:张|幅|个)")
_ZH_TAIL = re.compile(r"的?(?:图片|图像|照片|插画|图)$")
_JOINTS = re.compile(r"^[\s,;:.，。、–-]+|[\s,;:.!，。、！–-]+$")

VARIATIONS_UNLESS_SAID = 3

LONGEST_WISH = 4000
"""Letters that are looked at."""


@dataclass(frozen=True, slots=True)
class LastImage:
    """The newest image of the chat: the arguments that made it and its ids for the tools."""

    arguments: dict[str, Any]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """Call `generate_image` with these arguments."""

    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrange:
    """Call `arrange_items` for all images."""

    layout: str


@dataclass(frozen=True, slots=True)
class Say:
    """Only answer, with the reply of that name."""

    reply: str


Intent = Draw | Arrange | Say


@dataclass(slots=True)
class _Text:
    """The text that is still to be understood, and what was taken out of it."""

    rest: str
    taken: dict[str, Any] = field(default_factory=dict)

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        found = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
        match = found.search(self.rest)
        if match:
            before, after = self.rest[: match.start()], self.rest[match.end() :]
            joined = f"{before.rstrip()} {after.lstrip()}" if before.strip() else after
            self.rest = re.sub(r"\s*,(?:\s*,)+", ",", joined).strip(" ,")
        return match


def understand(text: str, last: LastImage | None, lexicons: Lexicons) -> tuple[Lexicon, Intent]:
    """The language of the text and what it asks for."""
    text = " ".join(text[:LONGEST_WISH].split())
    words = lexicons.choose(text)
    return words, _understand(_trim(text), text.rstrip().endswith(("?", "？")), last, words)


def _understand(text: str, asks: bool, last: LastImage | None, words: Lexicon) -> Intent:
    for talk in ("greetings", "thanks", "help"):
        if words.whole(talk, text):
            return Say("greeting" if talk == "greetings" else talk)
    if words.finds("help", text) and len(text.split()) <= 8 and not words.starts("make", text):
        return Say("help")
    text = _without_filler(text, words)
    if not text:
        return Say("greeting")
    if words.starts("arrange", text):
        found = words.finds("layouts", text)
        return Arrange(words.layouts[found.group().lower()] if found else "grid")
    if words.starts("change", text):
        return _change(text, last, words)
    made = words.starts("make", text)
    if not made and (words.starts("cannot", text) or asks or words.starts("questions", text)):
        return Say("cannot")
    work = _Text(_trim(text[made.end() :] if made else text))
    if made and _beyond(work.rest, words):
        return Say("cannot")
    counted = rf"\s*(?:{words.words['numbers']}\s+|\d{{1,2}}\s+)?{words.words['again']}"
    if re.match(counted, text, re.IGNORECASE):
        return _again(text, last, words)
    _take_details(work, words)
    found = words.finds("variations", work.rest)
    if found:
        return _variations(work, found, last, words)
    subject = _subject(work, words)
    if not subject:
        return Say("greeting")
    return Draw({"prompt": subject, **work.taken})


def _again(text: str, last: LastImage | None, words: Lexicon) -> Intent:
    """`another`, `three more`, `again, but at night`, `another picture of a dog`."""
    counted = re.match(rf"({words.words['numbers']}|\d{{1,2}})\s+", text, re.IGNORECASE)
    text = text[counted.end() :] if counted else text
    match = words.starts("again", text)
    work = _Text(_trim(text[match.end() :] if match else text))
    if counted:
        work.taken["count"] = _number(counted.group(), words) or 1
    changed = words.starts("change", work.rest)
    if changed:
        work.rest = _trim(work.rest[changed.end() :])
    _take_details(work, words)
    joined = words.starts("in", work.rest) is not None
    subject = work.rest if changed or joined else _subject(work, words)
    if words.whole("it", subject):
        subject = ""
    if last is None:
        return Draw({"prompt": subject, **work.taken}) if subject else Say("nothing_yet")
    same = _same_again(last, work)
    if not subject:
        return Draw(same)
    if changed or joined:
        return Draw(same | {"prompt": f"{same['prompt']}, {subject}"})
    return Draw({"prompt": subject, **work.taken})


def _same_again(last: LastImage, work: _Text) -> dict[str, Any]:
    """The last arguments without what made the result the same: a new seed is drawn."""
    kept = {k: v for k, v in last.arguments.items() if k not in ("seed", "count", "variation_of")}
    return kept | work.taken


def _change(text: str, last: LastImage | None, words: Lexicon) -> Intent:
    match = words.starts("change", text)
    work = _Text(_trim(text[match.end() :] if match else text))
    if last is None:
        return Say("nothing_yet")
    _take_details(work, words)
    arguments = _same_again(last, work)
    if work.rest:
        arguments["prompt"] = f"{arguments['prompt']}, {work.rest}"
    if last.ids:
        arguments["variation_of"] = last.ids[-1]
    return Draw(arguments)


def _variations(
    work: _Text, found: re.Match[str], last: LastImage | None, words: Lexicon
) -> Intent:
    before, after = _trim(work.rest[: found.start()]), _trim(work.rest[found.end() :])
    counted = _counted_tail(before, words)
    count = work.taken.pop("count", None) or _number(counted, words)
    before = _trim(before[: len(before) - len(counted)])
    plural = found.group().lower()[-1:] in "sn" and found.group().lower() != "variation"
    count = count or (VARIATIONS_UNLESS_SAID if plural or not words.spaced else 1)
    of = words.starts("of", after)
    subject = _trim(after[of.end() :] if of else after)
    if not words.spaced:
        subject = _trim(_ZH_COUNT.sub("", before).removesuffix("的"))
    elif not subject:
        # `a sunset landscape, three variants`: what is to be seen stands in front.
        subject = _subject(_Text(before), words)
    if words.whole("it", subject) or words.whole("images", subject):
        subject = ""
    taken = {"count": min(count, MAX_COUNT), **work.taken}
    if subject:
        return Draw({"prompt": _without_article(subject, words), **taken})
    if last is None:
        return Say("nothing_yet")
    arguments = _same_again(last, work) | taken
    if last.ids:
        arguments["variation_of"] = last.ids[-1]
    return Draw(arguments)


def _beyond(text: str, words: Lexicon) -> bool:
    """Whether what is to be made is no picture: `a video of a cat`, but not `a video camera`."""
    text = _without_article(text.strip(), words)
    match = words.starts("cannot", text)
    if match is None:
        return False
    rest = text[match.end() :].strip()
    return not rest or _ABOUT.match(rest) is not None


def _take_details(work: _Text, words: Lexicon) -> None:
    """Takes seed, size, shape, count, style and what to leave out from the text."""
    if match := work.take(_SEED):
        work.taken["seed"] = min(int(match[1]), MAX_SEED)
    if match := work.take(_SIZE):
        _keep_aspect(work, f"{match[1]}x{match[2]}")
    elif match := work.take(_RATIO):
        _keep_aspect(work, f"{match[1]}:{match[2]}")
    else:
        _take_shape(work, words)
    if match := work.take(_TIMES):
        work.taken["count"] = _within(int(match[1] or match[2]))
    for style in words.styles:
        if match := work.take(rf"(?:^|(?<=\W)){style}(?=$|,)"):
            work.taken["style"] = _trim(match[1])
            break
    leave_out = rf"(?:{words.words['without']}|[,，]\s*{words.words['not']})\s*([^,，]+)"
    while match := work.take(leave_out):
        parts = (work.taken.get("negative_prompt", ""), _trim(match[1]))
        work.taken["negative_prompt"] = ", ".join(part for part in parts if part)


def _keep_aspect(work: _Text, text: str) -> None:
    try:
        parse_aspect(text)
    except UsageError:
        return
    work.taken["aspect"] = text


def _take_shape(work: _Text, words: Lexicon) -> None:
    """A shape set off (`, wide`, `in portrait`, `wide format`) goes; in `a tall tree` it stays."""
    shape, nouns = words.words["shapes"], words.words["shape_nouns"]
    inside = rf"(?:{words.words['in']}\s+)?(?:{words.words['articles']}\s+)?"
    with_noun = rf"{inside}(?:({shape})\s+{nouns}|{words.words['shape_nouns']}\s+({shape}))"
    set_off = rf"(?:[,，;(]\s*|{words.words['in']}\s+|^){inside}({shape})\)?\s*(?=$|[,，;])"
    if match := re.search(with_noun, work.rest, re.IGNORECASE):
        work.taken["aspect"] = words.shapes[(match[1] or match[2]).lower()]
        noun = words.finds("images", match.group())
        start, end = match.span()
        kept = noun.group() if noun else ""
        work.rest = " ".join(f"{work.rest[:start]} {kept} {work.rest[end:]}".split()).strip(" ,")
    elif match := work.take(set_off):
        work.taken["aspect"] = words.shapes[match[1].lower()]
    else:
        lead = rf"^\s*(?:{words.words['numbers']}\s+|{words.words['articles']}\s+|\d+\s+)?({shape})"
        match = re.match(lead, work.rest, re.IGNORECASE)
        # `a landscape` is a subject; as a shape it needs one of the forms above.
        if match and match[1].lower() not in ("landscape", "panorama", "banner", "story"):
            work.taken["aspect"] = words.shapes[match[1].lower()]
            follows = words.starts("images", work.rest[match.end() :])
            if follows:
                work.rest = work.rest[: match.start(1)] + work.rest[match.end() :].lstrip()


def _subject(work: _Text, words: Lexicon) -> str:
    """What is to be seen, without `three pictures of`, which gives the count."""
    text = _without_filler(work.rest, words)
    if not words.spaced:
        if match := _ZH_COUNT.match(text):
            number = match[1]
            count = int(number) if number.isdigit() else words.numbers[number]
            if count > 1:
                work.taken.setdefault("count", _within(count))
            text = text[match.end() :]
        return _trim(_ZH_TAIL.sub("", _without_article(text, words)))
    numbers, images = words.words["numbers"], words.words["images"]
    pattern = rf"(?:({numbers}|\d{{1,2}})\s+|{words.words['articles']}\s+)?(?:new\s+)?{images}"
    match = re.match(pattern, text, re.IGNORECASE)
    rest = text[match.end() :] if match else ""
    of = words.starts("of", rest)
    if match and (of or not rest.strip()):
        if match[1]:
            work.taken.setdefault("count", _within(_number(match[1], words) or 1))
        text = rest[of.end() :] if of else ""
    return _without_article(_trim(text), words)


def _counted_tail(text: str, words: Lexicon) -> str:
    """The `, in three` of `a sunset, in three variants`: what counts the variants."""
    before = rf"(?:{words.words['in']}\s+)?" if words.spaced else ""
    number = rf"(?:{words.words['numbers']}|\d{{1,2}})"
    match = re.search(rf"(?:^|[\s,，]+){before}{number}$", text, re.IGNORECASE)
    return match.group() if match else ""


def _number(text: str, words: Lexicon) -> int | None:
    if match := re.search(r"\d{1,2}", text):
        return _within(int(match.group()))
    match = words.finds("numbers", text)
    return words.numbers[match.group().lower()] if match else None


def _within(count: int) -> int:
    return min(max(count, 1), MAX_COUNT)


def _trim(text: str) -> str:
    return _JOINTS.sub("", text.strip("?？ ")).strip()


def _without_article(text: str, words: Lexicon) -> str:
    match = words.starts("articles", text)
    return text[match.end() :].strip() if match and text[match.end() :].strip() else text


def _without_filler(text: str, words: Lexicon) -> str:
    """Without greetings and courtesies at its ends."""
    while True:
        match = words.starts("filler", text)
        greeting = words.starts("greetings", text)
        if greeting and re.match(r"\s*[,，!！.]", text[greeting.end() :]):
            match = greeting
        if not match or not match.group().strip():
            break
        text = _trim(text[match.end() :])
    while match := re.search(rf"[\s,，]*{words.words['filler']}$", text, re.IGNORECASE):
        if not match.group().strip():
            break
        text = _trim(text[: match.start()])
    return text
