"""Training sets as `set.ts` writes them, and what is done to a line each time it is shown."""

import glob
import json
import os

import numpy as np

HEIGHT = 48


class LineSet:
    """All sets of a folder whose names begin with one of `prefixes`."""

    def __init__(self, folder, prefixes, charset):
        index = {c: i + 1 for i, c in enumerate(charset)}
        self.items = []
        for path in sorted(glob.glob(os.path.join(folder, "*.tsv"))):
            name = os.path.basename(path)[:-4]
            if not any(name.startswith(p) for p in prefixes):
                continue
            pixels = np.memmap(path[:-4] + ".bin", dtype=np.uint8, mode="r")
            with open(path, encoding="utf8") as file:
                for row in file:
                    # The last row of a set that is still being drawn may be cut.
                    if not row.endswith("\n"):
                        break
                    offset, width, source, text = row.rstrip("\n").split("\t")
                    offset, width = int(offset), int(width)
                    if offset + width * HEIGHT > len(pixels):
                        break
                    label = [index[c] for c in text]
                    self.items.append((pixels, offset, width, source, text, label))

    def __len__(self):
        return len(self.items)

    def image(self, i):
        pixels, offset, width, *_ = self.items[i]
        return pixels[offset : offset + width * HEIGHT].reshape(HEIGHT, width)


def load_charset(path):
    with open(path, encoding="utf8") as file:
        return json.load(file)


def resample(line, positions):
    """Columns of `line` at fractional `positions`, linearly."""
    left = np.clip(positions.astype(np.int32), 0, line.shape[1] - 1)
    right = np.minimum(left + 1, line.shape[1] - 1)
    part = (positions - left).astype(np.float32)
    return line[:, left] * (1 - part) + line[:, right] * part


def augment(image, rng, real):
    """A line as another hand, pen and scanner would have made it. Returns ink, 0 to 1."""
    ink = 1.0 - image.astype(np.float32) / 255.0
    height, width = ink.shape
    stretch = rng.uniform(0.8, 1.2) if real else rng.uniform(0.88, 1.12)
    wide = max(16, min(1600, int(width * stretch)))
    base = np.linspace(0, width - 1, wide)
    if rng.random() < 0.5:
        # Letters wander: the line is stretched here and pressed together there.
        base = base + rng.uniform(0, 3.0) * np.sin(base / rng.uniform(18, 70) + rng.uniform(0, 6))
    ink = resample(ink, np.clip(base, 0, width - 1))
    # Up, down, taller, flatter.
    tall = rng.uniform(0.88, 1.06)
    rows = (np.arange(height) - height / 2 - rng.uniform(-2.5, 2.5)) / tall + height / 2
    ink = resample(ink.T, np.clip(rows, 0, height - 1)).T
    if rng.random() < (0.7 if real else 0.35):
        slant = rng.normal(0, 0.18 if real else 0.1)
        shifts = np.round((np.arange(height) - height / 2) * slant).astype(int)
        reach = int(np.abs(shifts).max())
        if reach:
            padded = np.pad(ink, ((0, 0), (reach, reach)))
            columns = np.arange(padded.shape[1])
            ink = np.stack(
                [padded[y][np.clip(columns + shifts[y], 0, len(columns) - 1)] for y in range(height)]
            )
    stroke = rng.random()
    if stroke < 0.12:
        ink = np.maximum(ink, np.pad(ink, ((0, 0), (1, 0)))[:, :-1])
    elif stroke < 0.2:
        ink = np.minimum(ink, np.pad(ink, ((0, 0), (1, 0)), mode="edge")[:, :-1])
    elif stroke < 0.4:
        side = rng.uniform(0.1, 0.3)
        ink = (1 - 2 * side) * ink + side * (np.roll(ink, 1, 0) + np.roll(ink, -1, 0))
    ink = np.power(np.clip(ink, 0, 1), rng.uniform(0.65, 1.5)) * rng.uniform(0.55, 1.1)
    if rng.random() < 0.5:
        ink = ink + rng.normal(0, rng.uniform(0.0, 0.06), ink.shape).astype(np.float32)
    if rng.random() < 0.15:
        # A stain, a hole, a piece of a neighbour's stroke.
        w, h = rng.integers(2, 14), rng.integers(2, 16)
        x, y = rng.integers(0, max(1, ink.shape[1] - w)), rng.integers(0, height - h)
        ink[y : y + h, x : x + w] = rng.choice([0.0, rng.uniform(0.2, 1.0)])
    return np.clip(ink, 0, 1).astype(np.float32)


def plain(image):
    return 1.0 - image.astype(np.float32) / 255.0


def collate(images, round_to=32):
    """Lines in one array, padded with paper at the right."""
    width = max(i.shape[1] for i in images)
    width = (width + round_to - 1) // round_to * round_to
    batch = np.zeros((len(images), 1, HEIGHT, width), np.float32)
    for row, image in zip(batch, images):
        row[0, :, : image.shape[1]] = image
    return batch


def batches(items, columns, rng):
    """Indices in batches of similar width, about `columns` columns of image each, in random order."""
    order = rng.permutation(len(items))
    made = []
    for start in range(0, len(order), 4096):
        pool = sorted(order[start : start + 4096], key=lambda i: items[i][2] + rng.uniform(0, 24))
        batch, widest = [], 0
        for i in pool:
            widest = max(widest, items[i][2])
            if batch and widest * (len(batch) + 1) > columns:
                made.append(batch)
                batch, widest = [], items[i][2]
            batch.append(i)
        if batch:
            made.append(batch)
    rng.shuffle(made)
    return made
