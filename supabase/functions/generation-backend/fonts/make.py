# Writes the fonts of books: python3 make.py FOLDER, with Gentium Plus 6.101 (Debian: fonts-sil-gentiumplus) in FOLDER and fontTools
# 4.38. Every character stays; features that nobody asks for go, as reading them took a third of a book's time. The licence reserves
# the name to unchanged files, so these have another.
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
FAMILY = "Picture Book Serif"
for weight in ("Regular", "Bold"):
    options = subset.Options(layout_features=["ccmp", "kern", "liga", "locl", "mark", "mkmk"], hinting=False)
    font = subset.load_font(f"{sys.argv[1]}/GentiumPlus-{weight}.ttf", options)
    whole = subset.Subsetter(options)
    whole.populate(unicodes=font.getBestCmap())
    whole.subset(font)
    name = font["name"]
    said = {1: FAMILY, 2: weight, 3: f"{FAMILY} {weight} 1.0", 4: f"{FAMILY} {weight}", 6: f"PictureBookSerif-{weight}"}
    name.names = [n for n in name.names if n.nameID in (0, 5, 13, 14) and (n.platformID, n.langID) == (3, 0x409)]
    for number, text in said.items():
        name.setName(text, number, 3, 1, 0x409)
    font.save(f"PictureBookSerif-{weight}.ttf")
