"""Writes a checkpoint as the product's model file.

    python export.py --from RUN/last.pt --charset SET/charset.json --out ../line-vi.onnx

The graph takes `ink` (N, 1, 48, W), 0 paper to 1 black, and gives `signs` (N, W / 4, classes),
natural logarithms of probabilities. What onnxruntime gives is compared with PyTorch's before the
file is kept.
"""

import argparse
import os

import numpy as np
import onnxruntime
import torch

from data import load_charset
from model import LineNet


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--from", dest="start", required=True)
    p.add_argument("--charset", required=True)
    p.add_argument("--out", required=True)
    args = p.parse_args()
    net = LineNet(len(load_charset(args.charset)) + 1)
    net.load_state_dict(torch.load(args.start, map_location="cpu")["net"])
    net.eval()
    part = args.out + ".part"
    torch.onnx.export(
        net,
        (torch.zeros(2, 1, 48, 320),),
        part,
        input_names=["ink"],
        output_names=["signs"],
        dynamic_axes={"ink": {0: "lines", 3: "width"}, "signs": {0: "lines", 1: "columns"}},
        opset_version=17,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(part)
    for shape in [(1, 1, 48, 64), (3, 1, 48, 704)]:
        x = np.random.default_rng(0).random(shape, dtype=np.float32)
        with torch.no_grad():
            want = net(torch.from_numpy(x)).numpy()
        got = session.run(None, {"ink": x})[0]
        worst = float(np.abs(np.exp(want) - np.exp(got)).max())
        if worst > 1e-3:
            raise SystemExit(f"onnxruntime differs from PyTorch by {worst}")
    os.replace(part, args.out)
    print(f"{args.out}: {os.path.getsize(args.out) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
