"""What the networks hear: MFCC of 8 kHz audio, exactly as Vosk computes them, and the settings that tell Vosk so.

The settings stand here once: the training uses them and the exporter writes them into conf/mfcc.conf. Never augments
audio and never splices frames; that is the work of channel.py and network.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import kaldi_native_fbank as knf
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SAMPLE_RATE = 8000
"""Hz: the telephone's own, so that nothing is resampled on a call."""
COEFFICIENTS = 32
"""Mel bins, and as many cepstral coefficients: a rotation of the log mel spectrum, nothing is thrown away."""
FRAME_MS = 10
"""A frame is 25 ms long and starts 10 ms after the one before."""
_LOW_HZ, _HIGH_HZ = 60, 3800

MFCC_CONF = f"""\
--use-energy=false
--sample-frequency={SAMPLE_RATE}
--num-mel-bins={COEFFICIENTS}
--num-ceps={COEFFICIENTS}
--low-freq={_LOW_HZ}
--high-freq={_HIGH_HZ}
--dither=0
"""
"""conf/mfcc.conf of the model. Kaldi's own dither is 1.0, which would make every result random."""


def mfcc(samples: ArrayLike) -> NDArray[np.float32]:
    """Return the features [frames, 32] of 8 kHz samples at int16 scale (never divided by 32768).

    Only whole frames count (Kaldi's snip_edges), so less than 25 ms of audio has none.
    """
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = COEFFICIENTS
    options.mel_opts.low_freq = _LOW_HZ
    options.mel_opts.high_freq = _HIGH_HZ
    options.num_ceps = COEFFICIENTS
    options.use_energy = False
    computer = knf.OnlineMfcc(options)
    computer.accept_waveform(SAMPLE_RATE, np.asarray(samples, np.float32).tolist())
    computer.input_finished()
    frames = [computer.get_frame(i) for i in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, COEFFICIENTS), np.float32)
