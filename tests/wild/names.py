"""Names that people choose for their own helpers: more than two hundred, from real solutions and from habit."""

HELPERS = """
a acc accumulator add_padding add_zeros align amount amounts answer apply arr array arrays at
axes axis b background batch batches before begin block blocks border borders bottom bound
bounds box boxes buffer c calc cell cells center centre change channel channels check
checks_ok chunk clip coefficients col cols columns compute conv corner corners count counter cross_correlate
crop ctr cut d d_filters d_inputs d_padded data delta depth dh diff dilate dims
dot draw dw dy e edge edges element elements end even f fill filt
filter_bank filter_h filter_w filters first flat flatten flip fold framed full g gather get_patch
get_window grad gradient grads grid h half height helper hi i idx image images
img imgs index indices info inner inputs inside is_same is_valid it item j k
kernel kernels kh kw l last layer left length letter lines lo loop loops
low m make_patches mask mat matmul matrix max_size mean mid moved mul n name
names new next_size normalize nudged num number o odd offset offsets one ones op
out out_h out_w outer output outputs p pad_amount pad_both pad_image padded padding_for pads pair
pairs part patch patches perf_counter pic picture pictures pixel pixels place plane plot point
pos position prod product q r range_of rearrange rest result results right rng roll
rotate row rows s sample scale seen shape shapes shift side size sizes slide
slices span start starts step steps stop stride stride_h stride_w sub sum_of t tap
taps temp tensor term tile times tmp to_float top total totals u unfold upstream
v val value values vec view views w weight weights where_to width win window
windows x xs y ys z zeros_around
""".split()  # noqa: SIM905
