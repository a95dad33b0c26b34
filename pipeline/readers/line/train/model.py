"""The line recognizer: a small convolutional network with CTC."""

import torch
from torch import nn
from torch.nn import functional as F

# Columns of the image for one column of the output.
STRIDE = 4


class ConvUnit(nn.Sequential):
    def __init__(self, i, o, kernel, stride=(1, 1)):
        padding = tuple(k // 2 for k in kernel)
        super().__init__(
            nn.Conv2d(i, o, kernel, stride, padding, bias=False), nn.BatchNorm2d(o), nn.ReLU(True)
        )


class Residual2d(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.first = ConvUnit(c, c, (3, 3))
        self.second = nn.Sequential(nn.Conv2d(c, c, 3, 1, 1, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


class Mixer(nn.Module):
    """Looks along the line: a depthwise convolution, then a wider layer for each column."""

    def __init__(self, c, dilation, kernel=9, widen=2):
        super().__init__()
        pad = dilation * (kernel // 2)
        self.along = nn.Conv1d(c, c, kernel, padding=pad, dilation=dilation, groups=c, bias=False)
        self.norm = nn.BatchNorm1d(c)
        self.up = nn.Conv1d(c, c * widen, 1)
        self.down = nn.Conv1d(c * widen, c, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        return x + self.drop(self.down(F.relu(self.up(self.norm(self.along(x))))))


class LineNet(nn.Module):
    """Ink (N, 1, 48, W), 0 paper to 1 black, to log-probabilities (N, W / 4, classes)."""

    def __init__(self, classes, width=192):
        super().__init__()
        self.classes = classes
        self.look = nn.Sequential(
            ConvUnit(1, 24, (3, 3), (2, 2)),
            ConvUnit(24, 40, (3, 3), (2, 1)),
            ConvUnit(40, 72, (3, 3), (2, 2)),
            Residual2d(72),
            ConvUnit(72, 112, (3, 3), (2, 1)),
            Residual2d(112),
            nn.Conv2d(112, width, (3, 1), bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(True),
        )
        self.mix = nn.Sequential(*[Mixer(width, d) for d in (1, 2, 1, 2, 1)])
        self.write = nn.Conv1d(width, classes, 1)

    def forward(self, x):
        x = self.look(x).squeeze(2)
        return self.write(self.mix(x)).transpose(1, 2).float().log_softmax(-1)
