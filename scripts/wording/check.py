#!/usr/bin/env python3
"""Checks what users read: words, sentence length, links. Needs Python 3 and nothing else.

    scripts/wording/check.py               the files of scope.txt; exit code 1 if there are findings
    scripts/wording/check.py FILE...       these files
    scripts/wording/check.py --all         every file that users read; of those that scope.txt does not list yet, the number of findings
    scripts/wording/check.py --list        the words and what to write instead

In Markdown, code is skipped, and links and anchors must exist. In Java, only string literals are read; literals joined by `+`
count as one text. In JSON, only descriptions are read; in YAML, only comments.
"""

import fnmatch
import re
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LONGEST_SENTENCE = 35

EVERYTHING = ["README.md", "docs/*.md", "docs/jobs/*.md", "conf/schema/*.json", "conf/*/*.yaml", "jobs/src/main/java/**/*.java"]
OF_OTHERS = ["docs/pages.md", "docs/registry.md", "conf/registry/*"]  # of the registry server


class Text(NamedTuple):
    """A run of words without code, and the line on which each of its characters stands."""

    words: str
    lines: list
    docs: bool


class Finding(NamedTuple):
    line: int
    what: str

    def printed(self, file):
        return f"{file}:{self.line}: {self.what}"


class Word(NamedTuple):
    pattern: re.Pattern
    printed: str
    instead: str
    reason: str
    docs_only: bool


def words(table=HERE / "words.tsv"):
    """The table: pattern, what to write instead, reason; `docs:` before a pattern limits it to Markdown."""
    found = []
    for row in table.read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        pattern, instead, reason = row.split("\t")
        docs_only = pattern.startswith("docs:")
        plain = pattern.removeprefix("docs:")
        spaced = re.sub(r"\(\?<[!=][^)]*\)| ", lambda m: r"\s+" if m.group(0) == " " else m.group(0), plain)
        compiled = re.compile(rf"(?<![\w-])(?:{spaced})(?![\w-])", re.IGNORECASE)
        found.append(Word(compiled, pattern, instead, reason, docs_only))
    return found


# --- Markdown


def blank(match):
    """As many characters as the match, so that lines stay; one X, so that code counts as one word."""
    text = match.group(0)
    return "X" + re.sub(r"[^\n]", " ", text[1:])


def without_blocks(source):
    """Markdown without code blocks; the same number of lines."""
    return re.sub(r"^( *)(```|~~~).*?^\1\2[^\n]*$", lambda m: re.sub(r"[^\n]", "", m.group(0)), source, flags=re.M | re.S)


def without_code(source):
    """Markdown without code blocks, and an X for each inline code; the same number of lines."""
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", blank, without_blocks(source), flags=re.S)


def prose(source):
    """Markdown without code, comments and link targets; the same number of lines."""
    source = re.sub(r"<!--.*?-->", lambda m: re.sub(r"[^\n]", " ", m.group(0)), without_code(source), flags=re.S)
    source = re.sub(r"\]\([^)\n]*\)", lambda m: "]" + " " * (len(m.group(0)) - 1), source)
    return re.sub(r"https?://\S+", blank, source)


def markdown_texts(source):
    """Paragraphs, list items, headings and table cells, each as one text."""
    texts, block = [], []

    def close():
        if block:
            texts.append(text_of(block, docs=True))
            block.clear()

    for number, line in enumerate(prose(source).splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("|"):
            close()
            for cell in re.split(r"(?<!\\)\|", stripped.strip("|")):
                if cell.strip(" -:"):
                    texts.append(text_of([(number, cell)], docs=True))
        elif not stripped:
            close()
        elif re.match(r"#+ |[-*+] |\d+[.)] |> ", stripped):
            close()
            block.append((number, re.sub(r"^(?:#+|[-*+]|\d+[.)]|>) +", "", stripped)))
            if stripped.startswith("#"):
                close()
        else:
            block.append((number, stripped))
    close()
    return texts


def text_of(numbered, docs):
    joined, lines = [], []
    for number, line in numbered:
        joined.append(line + " ")
        lines += [number] * (len(line) + 1)
    return Text("".join(joined), lines, docs)


def sentences(text):
    """(line, number of words) of each sentence."""
    start = 0
    for end in [m.end() for m in re.finditer(r"[.!?][)\"*_]*(?=\s+[^a-z\s])|$", text.words)]:
        sentence = text.words[start:end]
        count = len(re.findall(r"[^\W_][\w'’./-]*", sentence))
        if count:
            first = start + len(sentence) - len(sentence.lstrip())
            yield text.lines[min(first, len(text.lines) - 1)], count
        start = end


def anchors(file):
    """The anchors of a page, as GitHub makes them of its headings."""
    found = set()
    for heading in re.findall(r"^#+ +(.*)$", without_blocks(file.read_text(encoding="utf-8")), flags=re.M):
        slug = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", slug).replace(" ", "-")
        repeated, number = slug, 0
        while repeated in found:
            number += 1
            repeated = f"{slug}-{number}"
        found.add(repeated)
    return found


def broken_links(file, source):
    for number, line in enumerate(without_code(source).splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            page = (file.parent / path).resolve() if path else file
            if not page.exists():
                yield Finding(number, f'link "{target}": {path} does not exist')
            elif anchor and page.suffix == ".md" and anchor not in anchors(page):
                yield Finding(number, f'link "{target}": {page.name} has no heading with the anchor #{anchor}')


# --- Java, JSON and YAML

JAVA = re.compile(r'//[^\n]*|/\*.*?\*/|"""(?P<block>.*?)(?<!\\)"""|"(?P<line>(?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\\n]|\\.)+\'', re.S)


def java_texts(source):
    """String literals with a space in them; literals with nothing but `+` between them are one text."""
    parts, end = [], 0

    def joined():
        numbered = []
        for offset, literal in parts:
            first = source.count("\n", 0, offset) + 1
            numbered += [(first + n, line) for n, line in enumerate(literal.split("\n"))]
        parts.clear()
        whole, lines = "", []
        for number, line in numbered:
            whole += line
            lines += [number] * len(line)
        whole = re.sub(r"`[^`\s]*`", blank, whole)
        return Text(whole, lines, docs=False)

    texts = []
    for match in JAVA.finditer(source):
        literal = match.group("block") if match.group("block") is not None else match.group("line")
        if literal is None:
            continue
        if parts and not re.fullmatch(r"[\s+]*", source[end : match.start()]):
            texts.append(joined())
        parts.append((match.start(), re.sub(r"\\[nt]", "  ", literal)))
        end = match.end()
    if parts:
        texts.append(joined())
    return [text for text in texts if " " in text.words.strip()]


def json_texts(source):
    texts = []
    for number, line in enumerate(source.splitlines(), 1):
        described = re.search(r'"description"\s*:\s*"((?:[^"\\]|\\.)*)"', line)
        if described:
            texts.append(text_of([(number, re.sub(r"`[^`]*`", blank, described.group(1)))], docs=False))
    return texts


def yaml_texts(source):
    """Each run of comment lines, and each comment after a value, as one text."""
    texts, block = [], []
    for number, line in enumerate([*source.splitlines(), ""], 1):
        comment = re.match(r"\s*# (.*)", line)
        if comment:
            block.append((number, comment.group(1)))
            continue
        if block:
            texts.append(text_of(block, docs=True))
            block = []
        trailing = re.search(r"\s# (.*)", line)
        if trailing:
            texts.append(text_of([(number, trailing.group(1))], docs=True))
    return texts


READERS = {".md": markdown_texts, ".java": java_texts, ".json": json_texts, ".yaml": yaml_texts}

# --- Both


def check(file, source, table):
    """Everything wrong in a file, by line."""
    findings = list(broken_links(file, source)) if file.suffix == ".md" else []
    for text in READERS[file.suffix](source):
        for word in table:
            if word.docs_only and not text.docs:
                continue
            for match in word.pattern.finditer(text.words):
                around = re.sub(r"\s+", " ", text.words[max(0, match.start() - 25) : match.end() + 25]).strip()
                said = re.sub(r"\s+", " ", match.group(0))
                what = f'"{said}" (… {around} …) → say "{word.instead}"'
                findings.append(Finding(text.lines[match.start()], what))
        if text.docs:
            for line, count in sentences(text):
                if count > LONGEST_SENTENCE:
                    findings.append(Finding(line, f"a sentence of {count} words → split it ({LONGEST_SENTENCE} at most)"))
    return sorted(findings)


def files_of(globs):
    found = {file for glob in globs for file in ROOT.glob(glob) if file.is_file()}
    return sorted(file for file in found if file.suffix in READERS)


def scope():
    lines = (HERE / "scope.txt").read_text(encoding="utf-8").splitlines()
    globs = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    missing = [glob for glob in globs if not files_of([glob])]
    if missing:
        sys.exit(f"scripts/wording/scope.txt names {', '.join(missing)}, which matches no file; correct or remove the line")
    return files_of(globs)


def named(file):
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)


def main(arguments):
    table = words()
    if arguments == ["--list"]:
        for word in table:
            print(f"{word.printed:60} → {word.instead}  ({word.reason})")
        return 0
    if arguments in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0
    unknown = [name for name in arguments if name.startswith("-") and name != "--all"]
    missing = [name for name in arguments if not name.startswith("-") and not Path(name).is_file()]
    unread = [name for name in arguments if not name.startswith("-") and Path(name).suffix not in READERS]
    if unknown or missing or unread:
        what = f"{unknown[0]}: unknown option" if unknown else f"{(missing + unread)[0]}: not a .md, .java, .json or .yaml file"
        print(f"{what}; see scripts/wording/check.py --help", file=sys.stderr)
        return 2

    everything = arguments == ["--all"]
    if everything:
        files = [f for f in files_of(EVERYTHING) if not any(fnmatch.fnmatch(named(f), other) for other in OF_OTHERS)]
    else:
        files = [Path(name).resolve() for name in arguments] or scope()
    total, checked = 0, set(scope()) if everything else set()
    for file in files:
        findings = check(file, file.read_text(encoding="utf-8"), table)
        total += len(findings)
        if everything and file not in checked:
            if findings:
                print(f"{named(file)}: not in scope.txt yet, {len(findings)} findings")
            continue
        for finding in findings:
            print(finding.printed(named(file)))
    if total:
        print(f"{total} findings in {len(files)} files; the words are in scripts/wording/words.tsv", file=sys.stderr)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
