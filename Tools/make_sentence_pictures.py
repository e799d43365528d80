#!/usr/bin/env python3
"""Makes the pictures of Documentation/one-word-at-a-time.md: those that `mynah explain` draws of its sentence.

    Tools/make_sentence_pictures.py MYNAH
"""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SENTENCE = "switch the living room lights off"
PICTURES = ["probabilities", "state", "gate", "path"]

with tempfile.TemporaryDirectory() as folder:
    page = pathlib.Path(folder) / "page.html"
    subprocess.run(
        [sys.argv[1], "explain", SENTENCE, "--model", "Examples/home/home.safetensors", "--output", page],
        check=True, cwd=ROOT)
    html = page.read_text()
target = ROOT / "Documentation" / "images" / "word-by-word"
target.mkdir(parents=True, exist_ok=True)
for name in PICTURES:
    section = html[html.index(f'<section id="{name}"'):]
    picture = section[section.index("<svg"):section.rindex("</svg>", 0, section.index("</section>")) + len("</svg>")]
    (target / f"{name}.svg").write_text(picture + "\n")
