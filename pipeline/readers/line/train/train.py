"""Trains the line recognizer.

    python train.py --data SET --charset SET/charset.json --out RUN --sets train- --minutes 60
    python train.py --data SET --charset SET/charset.json --out RUN2 --from RUN/last.pt \\
        --sets train-,real-train --real-share 0.5 --minutes 30

RUN/last.pt is written every few minutes and at the end; the same command goes on from it. The log
is RUN/log.jsonl, its picture RUN/curves.png.
"""

import argparse
import json
import math
import os
import random
import time

import numpy as np
import torch
from torch.nn import functional as F

from data import LineSet, augment, batches, collate, load_charset
from measure import measure
from model import STRIDE, LineNet


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--charset", required=True, help="charset.json, as set.ts writes it")
    p.add_argument("--sets", default="train-", help="prefixes of set names, comma between")
    p.add_argument("--real-share", type=float, default=0.0, help="share of batches of real lines")
    p.add_argument("--validate", default="val-,real-held")
    p.add_argument("--from", dest="start", help="checkpoint whose weights to begin with")
    p.add_argument("--minutes", type=float, default=60, help="length of the whole schedule; of a processor, on one")
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--columns", type=int, default=14000, help="columns of image in a batch")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--every", type=int, default=500, help="steps between measurements")
    return p.parse_args()


class Average:
    """Slow average of the weights, which reads better than the weights of any one step."""

    def __init__(self, net, decay=0.998):
        self.decay = decay
        self.state = {k: v.detach().clone() for k, v in net.state_dict().items()}
        self.steps = 0

    def update(self, net):
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 20))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                if v.dtype.is_floating_point:
                    self.state[k].lerp_(v, 1 - decay)
                else:
                    self.state[k].copy_(v)


def endless(data, prefixes, charset, columns, rng):
    """Batches for ever; a set that is still being drawn is read again after each round."""
    while True:
        lines = LineSet(data, prefixes, charset)
        if len(lines) == 0:
            raise SystemExit(f"no lines in {data} for {prefixes}")
        for batch in batches(lines.items, columns, rng):
            yield lines, batch


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    os.makedirs(args.out, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    charset = load_charset(args.charset)
    net = LineNet(len(charset) + 1).to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.01)
    step, spent, seen = 0, 0.0, 0
    last = os.path.join(args.out, "last.pt")
    if os.path.exists(last):
        saved = torch.load(last, map_location=device)
        net.load_state_dict(saved["raw"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent, seen = saved["step"], saved["spent"], saved["seen"]
        print(f"goes on at step {step}, {spent / 60:.1f} min", flush=True)
    elif args.start:
        net.load_state_dict(torch.load(args.start, map_location=device)["net"])
    average = Average(net)
    rng = np.random.default_rng(args.seed + step)

    prefixes = args.sets.split(",")
    drawn = [p for p in prefixes if not p.startswith("real")]
    real = [p for p in prefixes if p.startswith("real")]
    sources = {}
    if drawn:
        sources[False] = endless(args.data, drawn, charset, args.columns, rng)
    if real:
        sources[True] = endless(args.data, real, charset, args.columns, rng)

    log = open(os.path.join(args.out, "log.jsonl"), "a", encoding="utf8")
    total = args.minutes * 60
    # A busy machine makes a schedule on a processor longer, not shorter in steps.
    clock = time.time if device == "cuda" else time.process_time
    losses, began, saved_at = [], clock(), time.time()
    autocast = torch.autocast(device, dtype=torch.bfloat16)

    def save():
        state = {"net": average.state, "raw": net.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**state, "step": step, "spent": spent, "seen": seen}, last + ".part")
        os.replace(last + ".part", last)

    def validate():
        judge = LineNet(len(charset) + 1)
        judge.load_state_dict({k: v.cpu() for k, v in average.state.items()})
        found = {}
        for prefix in args.validate.split(","):
            lines = LineSet(args.data, [prefix], charset)
            names = sorted({os.path.basename(i[0].filename) for i in lines.items})
            for name in names:
                one = LineSet(args.data, [name[:-4]], charset)
                found[name[:-4]] = measure(judge, one, charset, limit=150)[0]
        return found

    while spent < total:
        progress = spent / total
        warm = min(1.0, (step + 1) / 300) if not args.start else min(1.0, (step + 1) / 50)
        rate = args.rate * warm * (0.5 + 0.5 * math.cos(math.pi * progress)) + 1e-6
        for group in optimizer.param_groups:
            group["lr"] = rate
        which = bool(real) and (not drawn or rng.random() < args.real_share)
        lines, batch = next(sources[which])
        images = [augment(lines.image(i), rng, which) for i in batch]
        labels = [lines.items[i][5] for i in batch]
        x = torch.from_numpy(collate(images)).to(device)
        net.train()
        with autocast:
            out = net(x)
        widths = torch.tensor([min(out.shape[1], -(-i.shape[1] // STRIDE)) for i in images])
        loss = F.ctc_loss(
            out.transpose(0, 1),
            torch.tensor([c for label in labels for c in label]),
            widths,
            torch.tensor([len(label) for label in labels]),
            zero_infinity=True,
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        average.update(net)
        step += 1
        seen += len(batch)
        losses.append(loss.item())
        spent += clock() - began
        began = clock()
        if step % 50 == 0:
            print(f"{step} {spent / 60:.1f} min loss {np.mean(losses[-50:]):.3f} seen {seen}", flush=True)
        if step % args.every == 0:
            row = {"step": step, "minutes": spent / 60, "seen": seen, "rate": rate}
            row |= {"loss": float(np.mean(losses[-args.every :])), "sets": validate()}
            log.write(json.dumps(row) + "\n")
            log.flush()
            print(json.dumps({k: {m: round(v, 3) for m, v in r.items()} for k, r in row["sets"].items()}), flush=True)
            began = clock()
        if time.time() - saved_at > 120:
            save()
            saved_at = time.time()
    save()
    picture(args.out)


def picture(out):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with open(os.path.join(out, "log.jsonl"), encoding="utf8") as file:
        rows = [json.loads(row) for row in file]
    if not rows:
        return
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4))
    seen = [r["seen"] / 1000 for r in rows]
    left.plot(seen, [r["loss"] for r in rows])
    left.set(xlabel="thousand lines seen", ylabel="CTC loss", yscale="log")
    for name in rows[-1]["sets"]:
        right.plot(seen, [100 * r["sets"].get(name, {}).get("cer", math.nan) for r in rows], label=name)
    right.set(xlabel="thousand lines seen", ylabel="CER, %, without case", yscale="log")
    right.legend()
    figure.tight_layout()
    figure.savefig(os.path.join(out, "curves.png"), dpi=90)


if __name__ == "__main__":
    main()
