#!/bin/sh
# Makes the sounds of this folder anew: a tone of 440 Hz, amplitude 0.5, 4,000 samples at 16 kHz, in formats that the
# tests cannot write themselves. Needs sox, flac, opus-tools, lame.
set -eu
cd "$(dirname "$0")"
sox -R -r 16000 -n -c 1 -b 16 source.wav synth 0.25 sine 440 gain -6.0206
for extension in aiff au w64 caf ogg; do sox -R source.wav "tone.$extension"; done
sox -R source.wav -e ima-adpcm ima.wav
sox -R source.wav -e ms-adpcm ms.wav
flac --silent --force --no-padding source.wav --output-name=tone.flac
sox source.wav -t raw - | flac --silent --no-padding --force-raw-format --endian=little --sign=signed \
    --channels=1 --bps=16 --sample-rate=16000 - > streamed.flac
opusenc --quiet --bitrate 24 --padding 0 --serial 1 source.wav tone.opus
lame --quiet -V 4 source.wav tone.mp3
lame --quiet -b 32 -t source.wav noheader.mp3
rm source.wav
