"""Tests of check.py: python3 -m unittest scripts/wording/test_check.py"""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check  # noqa: E402

TABLE = check.words()


def findings(name, source, others=()):
    """(line, text) of each finding in a file of that name."""
    with tempfile.TemporaryDirectory() as folder:
        for other, text in others:
            (Path(folder) / other).write_text(text, encoding="utf-8")
        file = Path(folder) / name
        file.write_text(source, encoding="utf-8")
        return [tuple(finding) for finding in check.check(file, source, TABLE)]


def said(name, source):
    """The words found, by line."""
    return [(line, what.split('"')[1]) for line, what in findings(name, source) if what.startswith('"')]


class Words(unittest.TestCase):
    BAD = {
        "All problems are told at once.": "told",
        "The page tells how it was.": "tells",
        "Runs are kept while the registry is down.": "are kept",
        "The run is\nkept in the home directory.": "is kept",
        "The run is  kept in the home directory.": "is kept",
        "The index is made anew.": "anew",
        "A job that takes files in.": "takes files",
        "The rows were taken in once.": "taken in",
        "The registry does not answer.": "answer",
        "A caller asks for a token.": "asks for",
        "The place of the folder.": "place",
        "The figures are in the message.": "figures",
        "`x` is no table name.": "is no table",
        "This is one word too many.": "word too many",
        "Mend the disk.": "Mend",
        "The job looks at every column.": "looks at",
        "The command wants Chromium.": "wants",
        "The tables of the lake.": "the lake",
        "It joins rows as of each payment's moment.": "as of each",
        "The opinion of the model.": "opinion",
        "What it withstands.": "withstands",
        "How nearly it is MLflow.": "How nearly",
        "See what was changed.": "what was changed",
        "Schemas come into being.": "come into being",
        "The cells of a histogram.": "cells",
        "We read the table.": "We",
        "The faster engine is ours.": "ours",
    }
    GOOD = [
        "All problems are reported at once, with file, line and key.",
        "There is no such file; the run is no longer needed.",
        "The compaction rewrites files in place and takes place daily.",
        "The tables of the data lake are stored in the home directory.",
        "Training takes 12 s in the example.",
        "The job splits rows as of 2026-01-01.",
        "`told` and `the lake` are code.",
        "Values as declared, for example storytelling and foretold.",
    ]

    def test_each_bad_sentence_is_found(self):
        for sentence, word in self.BAD.items():
            with self.subTest(sentence):
                self.assertIn(word.lower(), [said.lower() for _, said in said("page.md", sentence)])

    def test_good_sentences_pass(self):
        for sentence in self.GOOD:
            with self.subTest(sentence):
                self.assertEqual([], findings("page.md", sentence))

    def test_a_finding_names_file_line_word_and_replacement(self):
        ((line, what),) = findings("page.md", "# Title\n\nThe job looks\nat it.\n")

        self.assertEqual(3, line)
        self.assertEqual('"looks at" (… The job looks at it. …) → say "inspect, profile, check"', what)

    def test_every_row_of_the_table_has_a_pattern_a_replacement_and_a_reason(self):
        for word in TABLE:
            self.assertTrue(word.printed and word.instead and word.reason, word)
            self.assertIsNone(word.pattern.search(""), word)


class Markdown(unittest.TestCase):
    def test_code_is_skipped_and_lines_stay(self):
        page = "```\ntold\n```\nSee `told` and\n<!-- told -->\nhttp://told.example/told\n\n| told | b |\n|---|---|\n| a | anew |\n"

        self.assertEqual([(8, "told"), (10, "anew")], said("page.md", page))

    def test_code_of_two_backticks(self):
        self.assertEqual([(1, "anew")], said("page.md", "``a `told` b`` anew\n"))

    def test_long_sentences(self):
        long = " ".join(["word"] * 36) + "."
        short = " ".join(["word"] * 35) + "."

        self.assertEqual([], findings("page.md", f"{short} {short.capitalize()}\n\n- {short}\n- {short}\n"))
        self.assertEqual(
            [(3, "a sentence of 36 words → split it (35 at most)")], findings("page.md", f"Short one.\n\nShort. {long.title()}\n")
        )

    def test_each_list_item_and_cell_is_a_text(self):
        words = " ".join(["word"] * 20)

        self.assertEqual([], findings("page.md", f"- {words}\n- {words}\n\n| {words} | {words} |\n"))

    def test_links_and_anchors_exist(self):
        other = ("other.md", "# Some `title`, and more\n\n## Twice\n\n## Twice\n")
        page = "[a](other.md#some-title-and-more) [b](other.md#twice-1) [c](https://x.example) [d](#here)\n\n# Here\n"
        self.assertEqual([], findings("page.md", page, [other]))

        broken = "[a](other.md#none)\n[b](missing.md)\n[c](#nowhere)\n`[d](missing.md)`\n"
        self.assertEqual([1, 2, 3], [line for line, _ in findings("page.md", broken, [other])])


class Java(unittest.TestCase):
    def test_only_literals_are_read(self):
        source = 'class A { // told anew\n /* told anew */ String told = "is told" + x;\n char c = \'"\'; String d = "kept";\n}'

        self.assertEqual([(2, "told")], said("A.java", source))

    def test_joined_literals_are_one_text(self):
        source = 'String a = "the runs are"\n    + " kept in a folder";\nString b = "are " + x + " kept in";'

        self.assertEqual([(1, "are kept")], said("A.java", source))

    def test_code_in_messages_and_text_blocks(self):
        source = 'String a = "set `told` to x";\nString b = """\n    A line.\n    It is told.\n    """;'

        self.assertEqual([(4, "told")], said("A.java", source))

    def test_docs_only_words_are_for_docs(self):
        self.assertEqual([], said("A.java", 'String a = "our own word";'))


class OtherFiles(unittest.TestCase):
    def test_descriptions_of_a_schema(self):
        self.assertEqual([(2, "told")], said("s.json", '{"title": "told x",\n "description": "what is told"}'))

    def test_comments_of_yaml(self):
        self.assertEqual([(1, "told"), (3, "anew")], said("p.yaml", "# What is told\nkey: told x\nother: x # made anew\n"))


class Main(unittest.TestCase):
    def run_main(self, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = check.main(list(arguments))
        return code, out.getvalue()

    def test_exit_codes(self):
        with tempfile.TemporaryDirectory() as folder:
            good, bad = Path(folder) / "good.md", Path(folder) / "bad.md"
            good.write_text("The job reports it.\n")
            bad.write_text("It is told.\n")

            self.assertEqual((0, ""), self.run_main(str(good)))
            code, out = self.run_main(str(good), str(bad))
            self.assertEqual(1, code)
            self.assertIn('bad.md:1: "told"', out)
            self.assertEqual(2, self.run_main(str(Path(folder) / "none.md"))[0])
            self.assertEqual(2, self.run_main("--unknown")[0])

    def test_the_list(self):
        code, out = self.run_main("--list")

        self.assertEqual(0, code)
        self.assertEqual(len(TABLE), len(out.splitlines()))


if __name__ == "__main__":
    unittest.main()
