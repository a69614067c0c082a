"""The engine's numbers that were found by measuring, not by thinking: each with unit, reason and proof.

None of them changes a result beyond its roundings. Another machine may want others:

    python -m benchmarks.tuning BUFFER_BYTES 393216 1572864 --workloads article-2 bank

takes turns with the present value and prints, for every workload and pass, the times of the others divided by
its own. `benchmarks/workloads.py` has the workloads; more can be spelled out, as in
16x28x28x3,5x5x3x32,1,SAME.

"Chosen" says how a value came to be: in November 2026, on the machine of `docs/performance.md` (Zen 5,
AVX-512, 1 MiB of second-level cache a core). Of the runs that decided only what that page and the commits
tell is known.

"Seen" is what the command above found afterwards, on 30 November 2026, on an EPYC of Zen 3 (AVX2 alone, 512
KiB of cache a core, OpenBLAS's Haswell kernels): above 1 the present value is the faster one. Other work kept
that machine busy. One thread is measured in processor time, and a tenth more or less means nothing; two
threads are measured in real time, where equal code differed by 0.6 to 1.6, and only what stands out is told.
"""

# blocks: how much is laid out at a time.

# Bytes: a block's windows. With its pixels, products and filters this stays within a cache of about 1 MB.
# Chosen: rows not recorded.
# Seen: mnist, cifar, article-1, article-2, vgg, bank, all passes: 1.2 to 2.7 at an eighth, 1.1 to 1.6 at a
# quarter, 1.0 to 1.2 at a half (mnist, forward, 2.9); at twice as much 0.86 to 1.30, mostly 0.97, and at four
# times 0.83 to 1.37, mostly 0.94.
BUFFER_BYTES = 3 << 18

# Times BUFFER_BYTES, where several threads share the work. They meet at Python's lock between any two calls
# of NumPy, and one that has to wait there falls asleep. So their blocks are fewer and longer, though they
# leave the cache.
# Chosen: by `--threads 2`, rows not recorded.
# Seen, two threads: inputs of cifar 1.8, article-1 1.3, article-2 1.3, bank 1.6 at 1; no difference at 8.
BUFFERS_FOR_THREADS = 4

# scatter: the gradient of the inputs.

# Times BUFFER_BYTES, on one thread. Every value of a filter has an addition of its own, and the larger the
# block the longer it is: that brings more than leaving the cache costs.
# Chosen: rows not recorded.
# Seen: inputs of mnist 1.17, cifar 1.12, article-1 1.09, article-2 1.11, bank 1.18 at 1; 0.99, 1.17, 1.09,
# 0.93, 0.89 at 4.
SCATTER_BUFFERS = 2

# Channels of the images. With fewer the sums lie channel by channel, so that an addition runs along a row of
# the output and not along the few channels of a pixel.
# Chosen: rows not recorded.
# Seen: inputs of 16x28x28xC,5x5xCx16,1,SAME. All channels last (at 1): 1.15 for C = 4, 1.05 for 6; cifar, C =
# 3, 1.34. All channels first (at 16): 1.29 for 8, 1.32 for 12. The edge lies between 6 and 8 there, too.
CHANNELS_FIRST_BELOW = 8

# gather: the matrix of windows of a single channel.

# Bytes. A first-level cache of today has room for a dozen lines at addresses that are a multiple of 4096
# bytes apart. Rows of the matrix whose length is a multiple of CACHE_PERIOD put the numbers of a column
# there, where they drive each other out. So such rows get one line more.
# Chosen: rows not recorded.
# Seen: forward of bank 1.04 and of 1x128x128x1,5x5x1x16,1,SAME 1.07 without (at 1099511627776).
CACHE_PERIOD = 512
CACHE_LINE = 64

# memory: see there.

# Bytes. A buffer of at least ROOMY_FROM_BYTES is allocated as one block of ROOMY_BYTES.
# Chosen: without it a small convolution took up to six times as long; rows not recorded.
# Seen: mnist 3.4, 1.4, 1.6 and cifar 2.3, 1.4, 1.0 (forward, inputs, filters) without (at 1099511627776);
# 4x28x28x1,5x5x1x16,2,SAME the same.
ROOMY_FROM_BYTES = BUFFER_BYTES // 8
ROOMY_BYTES = 2 * BUFFER_BYTES

# products: the pieces that OpenBLAS multiplies.

# Multiplications of a piece at most. OpenBLAS starts threads of its own from 2 · 4 · 65,536 on
# (interface/gemm.c): waiting for them costs more than they bring, and the more so where `threads` has already
# given each core its share. Below it, where the CPU has AVX-512, it multiplies without first copying both
# matrices into an order of its own.
# Chosen: from OpenBLAS's source; rows not recorded.
# Seen: mnist, article-1, bank, cifar: 0.92 to 1.24 at a quarter, 0.86 to 0.99 for products in one piece (at
# 1099511627776). So it does not pay with AVX2 and one thread: `WHOLE_ABOVE_DEPTH` could go down there.
PIECE_MULTIPLICATIONS = 2 * 4 * 65_536 - 1

# Rows of a piece, or a multiple: what the loops of OpenBLAS take at once divides it.
# Chosen: from OpenBLAS's source.
# Seen: no difference at 1, 4, 48, 96 (mnist, article-1, bank, cifar).
PIECE_ROWS = 12

# Columns of a piece at most.
# Chosen: rows not recorded. Only article-2 (its inputs), vgg and the like have more than this many.
# Seen: nothing that stands out. A guess, to be measured with AVX-512.
PIECE_COLUMNS = 64

# Terms of a piece's sums at most: what then is left for PIECE_ROWS rows and PIECE_COLUMNS columns.
PIECE_DEPTH = PIECE_MULTIPLICATIONS // (PIECE_ROWS * PIECE_COLUMNS)

# Terms of a piece's sums at most, where there is no AVX-512. By itself OpenBLAS takes up to 320 there, whose panels leave
# a first-level cache of 32 KiB that something else shares.
# Chosen: on 1 December 2026, on a busy EPYC of Zen 1, one thread, milliseconds: forward of article-2 16.2 at 256, 17.4 at 448
# (which OpenBLAS halves), 28.4 without; an image of vgg 17.1, 44.2 and 43.1, though in another run 33.8 and 34.7. With less other
# work, the product alone of vgg took 0.99 at 256.
SUM_TERMS = 256

# The same for the filters' gradient, whose sums run over all positions. OpenBLAS halves what has more than 320.
# Chosen: as SUM_TERMS: filters of mnist 0.9 at 448, 1.4 at 256, of cifar 3.0 and 4.6, of article-1 3.5 and 8.3; in some processes 1.5,
# 5.0 and 5.5 at 448, and 0.9, 2.9 and 3.6 at 256. To be measured on an idle machine.
LONG_SUM_TERMS = 448

# Terms of a sum. With AVX2 alone OpenBLAS copies both matrices in any case, and small pieces of long sums
# cost it a third more time. So there it gets all rows and columns, if the sums are longer than this and it has
# but one thread. With AVX-512 that would take a tenth more than pieces do.
# Chosen: with OPENBLAS_CORETYPE=Haswell. Only article-2 and vgg have such sums.
# Seen: forward of article-2 1.28 in pieces (at 100000), and 1.11 at 16.
WHOLE_ABOVE_DEPTH = 256

# pairs: one window for two neighbours.

# Filters, and channels of the images, at most (of channels more, where windows overlap much: see
# `worthwhile`). Beyond these the zeros beside the filters cost more than the copying that they save.
# Chosen: shapes of 1 to 16 channels and 1 to 64 filters, by a script that was not kept.
# Seen: 16x28x28x3,5x5x3x24,1,SAME 1.17 forward and 1.18 filters without pairs (at 0), cifar 1.02 and 1.06,
# bank 0.98 and 1.09; with pairs for all (at 64) article-1 1.16 forward, 16x28x28x8,3x3x8x16,1,SAME 1.02 to
# 1.55. With AVX2, where multiplying takes twice as long, they bring little.
PAIRED_FILTERS = 24
PAIRED_CHANNELS = 8

# By how much of a filter's width a window may be wider where there is no AVX-512.
# Chosen: on 1 December 2026, on an EPYC of Zen 1 (AVX2), one thread: cifar, 2 of 5 wider, took 0.93 forward and 0.78 filters
# without pairs; bank, 1 of 5, 0.99 and 1.08.
PAIRED_WIDER = 0.25

# small: all windows at once.

# Multiplications at most: with more of them, blocks were no slower.
# Chosen: rows not recorded; of the workloads only tiny is so small.
# Seen: tiny 5.6 and 1x16x16x1,3x3x1x7,1,SAME 4.7 in blocks (at 0). But 1x28x28x1,5x5x1x2,1,VALID, 28,800
# multiplications, takes 0.27 and 1x28x28x1,5x5x1x8,1,VALID, 115,200, takes 0.28 of its time at 1048576: there
# the edge lies much higher.
SMALL_MULTIPLICATIONS = 1 << 14

# threads: one core or several.

# Multiplications that are worth a thread: fewer are done before another one has woken up.
# Chosen: by `--threads 2`. It lets mnist (5 million) stay on one thread and gives cifar (15 million) two.
# Seen: nothing that stands out. To be measured on an idle machine.
THREAD_MULTIPLICATIONS = 4_000_000

# layers: learning.

# Channels, in and out, of a convolution that `fit(winograd=True)` does by Winograd's method: with fewer, the
# transforms cost more than they save.
# Chosen: rows not recorded; the second layer of `benchmarks.training`'s network has 32 and 64.
# Seen: `winograd_conv2d` beside `conv2d` for 16x28x28xC and C filters: of 5 × 5 it took 1.3 times as long for
# C = 8, 1.0 for 12, 0.9 for 16, 0.6 for 32; of 3 × 3 2.1 for 16, 0.9 for 24. `fit` gains more, on its way
# back.
WINOGRAD_CHANNELS = 16

# Images of a batch that are worth a helper process.
# Chosen: a guess. With batches of 32 for two processes it decides nothing.
HELPER_IMAGES = 8

# Images that go through the layers together, where several processes share a batch. More would leave a core's
# own cache in the network of `benchmarks/network.py`: of 16 the first layer's outputs have 1.2 MB.
# Chosen: by `benchmarks.training --threads 2`.
# Seen: an epoch of `--training --threads 2` 1.2 exact and 1.1 with Winograd's method at 8; 1.0 and 1.0 at 32.
PART_IMAGES = 16

# Seconds to wait for another process without sleeping: to wake up takes a core longer than the others' work
# differs.
# Chosen: by `benchmarks.training --threads 2`; without, a batch took a tenth longer.
# Seen: nothing that can be told while other work wants both cores. To be measured on an idle machine.
AWAKE_SECONDS = 0.002
