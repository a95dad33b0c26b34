"""Character and word error rates of a network on a set, decoded greedily."""

import unicodedata

import torch

from data import collate, plain


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def greedy(logits, charset):
    """Texts of (N, T, classes): the best output of each column, repeats and blanks dropped."""
    texts = []
    for best in logits.argmax(-1).tolist():
        text, last = [], 0
        for c in best:
            if c != last and c != 0:
                text.append(charset[c - 1])
            last = c
        texts.append("".join(text).strip())
    return texts


@torch.no_grad()
def measure(net, lines, charset, limit=None):
    """CER and WER with and without case, share of lines without error, and the pairs."""
    net.eval()
    order = sorted(range(len(lines)), key=lambda i: lines.items[i][2])
    if limit:
        order = order[:: max(1, len(order) // limit)]
    pairs = []
    for start in range(0, len(order), 16):
        part = order[start : start + 16]
        x = torch.from_numpy(collate([plain(lines.image(i)) for i in part]))
        for i, text in zip(part, greedy(net(x), charset)):
            pairs.append((lines.items[i][4], text, lines.items[i][3]))
    return rates(pairs), pairs


def rates(pairs):
    total = {"cer": 0, "wer": 0, "cerCase": 0, "exact": 0}
    letters = words = 0
    for truth, text, _ in pairs:
        truth, text = (unicodedata.normalize("NFC", s) for s in (truth, text))
        total["cerCase"] += distance(truth, text)
        total["cer"] += distance(truth.lower(), text.lower())
        total["wer"] += distance(truth.lower().split(), text.lower().split())
        total["exact"] += truth.lower() == text.lower()
        letters += len(truth)
        words += len(truth.split())
    return {
        "cer": total["cer"] / letters,
        "cerCase": total["cerCase"] / letters,
        "wer": total["wer"] / words,
        "exact": total["exact"] / len(pairs),
    }
