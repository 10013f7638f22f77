/* Reads texts with a weight file, exactly as features.py, portable.py and plan.py do, only faster.
 *
 * One function, `seguito_read`. All it needs is handed in; it keeps nothing, and several threads may call it at once.
 * It reads no byte outside the texts it is given, whatever they hold, and writes to `out` alone. Whole numbers up to the
 * sums of the heads; then additions, multiplications, divisions and roundings of doubles in the order of plan.py. It
 * must be compiled without contraction of a multiplication and an addition into one (-ffp-contract=off).
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { READ = 2000, PAD = 8, ROOM = READ + 2 * PAD + 8 };
enum { DROPPED, SPACE, WORD, PUNCTUATION, SINGLE, APOSTROPHE };
enum { KIND = 7, UPPER = 8, SCRIPT = 4 };
enum { PLANES = 0x20000, SIZE = PLANES + 17 };
enum { LINK = 0xF001, MENTION = 0xF002, REPLACEMENT = 0xFFFD };
enum { CAPITALS = 7, LONG = 8, FIRST_SCRIPT = 9, SIGNS = 20, SCOPE = 3, FIRST_BITS = 17, REACH = 8191 };
enum { MOST_WIDE = 384, MOST_HIDDEN = 512, MOST_COLUMNS = 512, MOST_LINEAR = 128 };
/* Every letter gives at most a word, a pair, a negated word and three signs, and three runs of letters; and the end. */
enum { MOST_KEYS = 9 * READ + 16 };

#define BASE 0x2C1B3C6Du
#define BIGRAM 0x27D4EB2Fu
#define UNIGRAM_SEED 0x1B873593u
#define BIGRAM_SEED 0xE6546B64u
#define NEGATED_SEED 0x38B34AE5u
#define START 0x510E527Fu
#define END 0x9B05688Cu
#define BOUNDARY 0x1F83D9ABu
/* Ask for memory that will be read soon. */
#if defined(__GNUC__)
#define SOON(place) __builtin_prefetch(place)
#else
#define SOON(place) ((void)0)
#endif

static const uint32_t GRAM_SEEDS[3] = {0x6A09E667u, 0xBB67AE85u, 0x3C6EF372u};

/* Must be laid out as `Model` in fast.py. */
typedef struct {
    const uint16_t *letters;
    const uint8_t *kinds;
    const int64_t *domains;
    const int64_t *domains_before_slash;
    const uint32_t *negations;
    const uint32_t *signs;
    const uint32_t *keys;
    const int32_t *first;
    const uint8_t *idf;
    const uint8_t *is_sign;
    const int8_t *table;
    const double *scale;
    const int16_t *hidden;
    const int32_t *hidden_bias;
    const double *hidden_scale;
    const int16_t *out;
    const int32_t *out_bias;
    const double *out_scale;
    const double *linear_scale;
    const int32_t *linear_group;
    const int32_t *linear_column;
    const double *shift;
    const double *rate;
    const uint8_t *reads;
    const int32_t *head_begin;
    const int32_t *head_end;
    const uint8_t *head_softmax;
    const int8_t *value_group;
    double language_sure;
    int32_t domain_count, domain_before_slash_count, negation_count;
    int32_t rows, stride, width, linear, hidden_units, columns, heads, cap, groups;
    int32_t language_begin, language_values;
} Model;

typedef struct {
    uint16_t codes[ROOM];
    uint8_t kinds[ROOM];
    uint8_t marks[ROOM];
    uint16_t folded[ROOM];
    uint8_t folded_kinds[ROOM];
    uint8_t drawn[ROOM];
    uint32_t mixed[ROOM];
    uint32_t keys[MOST_KEYS];
    int32_t touched[MOST_KEYS];
    int32_t sums[2][MOST_WIDE];
    int16_t halves[2][MOST_WIDE];
    int32_t linear[MOST_LINEAR];
    int32_t first[MOST_HIDDEN];
    int16_t hidden[MOST_HIDDEN];
    int32_t last[MOST_COLUMNS];
    double z[MOST_COLUMNS];
    double y[MOST_COLUMNS];
    double power[MOST_COLUMNS];
    double shares[MOST_COLUMNS];
    uint32_t power_of[8];
    uint64_t negation_filter[4];
} Room;

/* ---- letters ---- */

/* The next code point from `at` on; what is not UTF-8 is a replacement sign a byte. */
static uint32_t next_point(const uint8_t *text, int64_t n, int64_t *at) {
    uint8_t lead = text[*at];
    int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
    *at += 1;
    if (more <= 0) return more ? REPLACEMENT : lead;
    if (n - *at < more) return REPLACEMENT;
    uint32_t point = lead & (0x3F >> more);
    for (int k = 0; k < more; k++) {
        uint8_t byte = text[*at + k];
        if ((byte & 0xC0) != 0x80) return REPLACEMENT;
        point = point << 6 | (byte & 0x3F);
    }
    *at += more;
    return point < 0x110000 ? point : REPLACEMENT;
}

/* Fold a text into codes and kinds, with PAD spaces on both sides; returns where it ends. */
static int fold(const Model *m, Room *r, const uint8_t *text, int64_t n, int *looks) {
    int end = PAD;
    int64_t at = 0;
    for (int read = 0; at < n && read < READ; read++) {
        uint32_t point = text[at] < 0x80 ? text[at++] : next_point(text, n, &at);
        if (point >= PLANES) point = PLANES + (point >> 16);
        uint8_t kind = m->kinds[point];
        if (kind == DROPPED) continue;
        uint16_t code = m->letters[point];
        *looks |= code == '.' || code == ':' || code == '@';
        r->codes[end] = code;
        r->kinds[end++] = kind;
    }
    for (int k = 0; k < PAD; k++) {
        r->codes[end + k] = ' ';
        r->kinds[end + k] = SPACE;
    }
    return end;
}

static int is(const uint8_t *kinds, int at, int kind) { return (kinds[at] & KIND) == kind; }

static int is_name(const Room *r, int at) {
    uint16_t c = r->codes[at];
    return is(r->kinds, at, WORD) || c == '_' || c == '.' || c == '-' || c == '@';
}

static int spelt(const Room *r, int at, const char *word) {
    for (int k = 0; word[k]; k++)
        if (r->codes[at + k] != (uint8_t)word[k]) return 0;
    return 1;
}

static int among(int64_t name, const int64_t *names, int n) {
    for (int k = 0; k < n; k++)
        if (names[k] == name) return 1;
    return 0;
}

/* Whether the last part of a domain follows a dot. */
static int domain(const Model *m, const Room *r, int dot) {
    int64_t name = 0;
    int n = 0;
    for (; n < 7 && is(r->kinds, dot + 1 + n, WORD); n++) {
        if (n == 6 || r->codes[dot + 1 + n] >= 128) return 0;
        name |= (int64_t)r->codes[dot + 1 + n] << 8 * n;
    }
    return among(name, m->domains, m->domain_count) ||
           (r->codes[dot + 1 + n] == '/' && among(name, m->domains_before_slash, m->domain_before_slash_count));
}

/* Where the first link of the places from `begin` to `end` begins; `end` if there is none. */
static int link_in(const Model *m, const Room *r, int begin, int end) {
    int first = end;
    for (int k = begin; k < end; k++) {
        int at = end;
        if (r->codes[k] == ':' && spelt(r, k, "://")) {
            if (spelt(r, k - 4, "http")) at = k - 4;
            else if (spelt(r, k - 5, "https")) at = k - 5;
        } else if (r->codes[k] == '.') {
            if (spelt(r, k - 3, "www.") && !is(r->kinds, k - 4, WORD)) at = k - 3;
        }
        if (at < first && !r->marks[at]) first = at;
        if (first == end && r->codes[k] == '.' && !r->marks[k] && is(r->kinds, k - 1, WORD) &&
            is(r->kinds, k + 1, WORD) && domain(m, r, k))
            return begin;
    }
    return first;
}

/* Put one sign in the place of every mention and every link; returns where the text ends. */
static int without_links(const Model *m, Room *r, int end) {
    memset(r->marks, 0, (size_t)end + PAD);
    for (int k = PAD; k < end; k++) {
        if (r->codes[k] != '@' || is_name(r, k - 1)) continue;
        if (!is(r->kinds, k + 1, WORD) && r->codes[k + 1] != '_') continue;
        r->marks[k] = 2;
        while (is_name(r, ++k)) r->marks[k] = 1;
    }
    int to = PAD, link = PAD, part = PAD;
    for (int k = PAD; k < end; k++) {
        if (is(r->kinds, k, SPACE)) {
            part = k + 1;
        } else if (k == part) {
            int stop = k;
            while (!is(r->kinds, stop, SPACE)) stop++;
            link = link_in(m, r, k, stop);
        }
        int in_link = !is(r->kinds, k, SPACE) && k >= link;
        if (in_link ? k > link : r->marks[k] == 1) continue;
        int sign = in_link || r->marks[k] == 2;
        uint16_t code = in_link ? LINK : r->marks[k] == 2 ? MENTION : r->codes[k];
        uint8_t kind = sign ? SINGLE : r->kinds[k];
        r->codes[to] = code;
        r->kinds[to++] = kind;
    }
    for (int k = 0; k < PAD; k++) {
        r->codes[to + k] = ' ';
        r->kinds[to + k] = SPACE;
    }
    return to;
}

/* Shorten runs, join or part words at apostrophes; returns where the text ends. */
static int without_runs(Room *r, int end) {
    const uint16_t *c = r->codes;
    const uint8_t *kinds = r->kinds;
    int to = PAD;
    for (int k = PAD; k < end; k++) {
        uint8_t kind = kinds[k];
        uint16_t code = c[k];
        int again = code == c[k - 1], next = code == c[k + 1], drawn = 0;
        if (again | next) {
            int third = again && c[k - 1] == c[k - 2];
            int letter = (kind & KIND) == WORD && (code < '0' || code > '9');
            if (letter && again && (third || next)) continue;
            if (third && ((kind & KIND) == PUNCTUATION || (kind & KIND) == SINGLE)) continue;
            drawn = letter && !again && next && c[k + 2] == c[k + 1];
        }
        if ((kind & KIND) == APOSTROPHE) {
            if (is(kinds, k - 1, WORD) && is(kinds, k + 1, WORD) && !(is(kinds, k + 2, WORD) && is(kinds, k + 3, WORD)))
                continue;
            kind = SPACE;
        }
        r->folded[to] = code;
        r->folded_kinds[to] = kind;
        r->drawn[to++] = (uint8_t)drawn;
    }
    for (int k = 0; k < PAD; k++) {
        r->folded[to + k] = ' ';
        r->folded_kinds[to + k] = SPACE;
    }
    return to;
}

/* ---- keys ---- */

static uint32_t mix(uint16_t code) {
    uint32_t x = ((uint32_t)code + 1u) * 0x9E3779B1u;
    x ^= x >> 15;
    x *= 0x85EBCA77u;
    return x ^ x >> 13;
}

static uint32_t key(uint32_t x, uint32_t seed, uint32_t block) {
    x += seed;
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    return (x & 0xFFFFFFFEu) | block;
}

static int negates(const Model *m, const Room *r, uint32_t hash) {
    if (!(r->negation_filter[hash >> 6 & 3] >> (hash & 63) & 1)) return 0;
    for (int k = 0; k < m->negation_count; k++)
        if (m->negations[k] == hash) return 1;
    return 0;
}

static int letters(const Room *r, int begin, int end, uint32_t *keys) {
    const uint32_t *v = r->mixed;
    int n = 0;
    for (int k = begin - 1; k <= end - 2; k++) {
        uint32_t total = v[k] + v[k + 1] * r->power_of[1] + v[k + 2] * r->power_of[2];
        keys[n++] = key(total, GRAM_SEEDS[0], 1);
    }
    for (int k = begin - 1; k <= end - 3; k++) {
        uint32_t total = v[k] + v[k + 1] * r->power_of[1] + v[k + 2] * r->power_of[2] + v[k + 3] * r->power_of[3];
        keys[n++] = key(total, GRAM_SEEDS[1], 1);
    }
    for (int k = begin - 1; k <= end - 4; k++) {
        uint32_t total = v[k] + v[k + 1] * r->power_of[1] + v[k + 2] * r->power_of[2] + v[k + 3] * r->power_of[3] +
                         v[k + 4] * r->power_of[4];
        keys[n++] = key(total, GRAM_SEEDS[2], 1);
    }
    return n;
}

/* Signs of a word: capitals, drawn out, script. */
static int word_signs(const Model *m, const Room *r, int begin, int end, uint32_t *keys) {
    int big = 0, digits = 0, drawn = 0, n = 0;
    for (int k = begin; k < end; k++) {
        int upper = (r->folded_kinds[k] & UPPER) != 0;
        big += upper;
        digits += !upper && r->folded[k] >= '0' && r->folded[k] <= '9';
        drawn |= r->drawn[k];
    }
    if (big >= 2 && big + digits == end - begin) keys[n++] = m->signs[CAPITALS];
    if (drawn) keys[n++] = m->signs[LONG];
    int script = r->folded_kinds[begin] >> SCRIPT;
    if (script) keys[n++] = m->signs[FIRST_SCRIPT + script < SIGNS ? FIRST_SCRIPT + script : SIGNS - 1];
    return n;
}

/* All keys of the folded text. */
static int all_keys(const Model *m, Room *r, int end) {
    uint32_t *keys = r->keys, before = START;
    int n = 0, tokens = 0, word_before = 0, negated_before = 0, scope = 0;
    for (int k = PAD - 1; k <= end; k++) r->mixed[k] = is(r->folded_kinds, k, WORD) ? mix(r->folded[k]) : BOUNDARY;
    for (int begin = PAD; begin < end;) {
        int kind = r->folded_kinds[begin] & KIND, stop = begin + 1, word = kind == WORD;
        if (kind != WORD && kind != PUNCTUATION && kind != SINGLE) {
            begin++;
            continue;
        }
        if (kind != SINGLE)
            while (is(r->folded_kinds, stop, kind)) stop++;
        uint32_t hash = 0, power = 1;
        for (int k = begin; k < stop; k++, power *= BASE) hash += (word ? r->mixed[k] : mix(r->folded[k])) * power;
        keys[n++] = key(hash, UNIGRAM_SEED, 0);
        keys[n++] = key(before * BIGRAM + hash, BIGRAM_SEED, 0);
        scope = word && word_before ? (negated_before ? SCOPE : scope > 0 ? scope - 1 : 0) : 0;
        if (scope) keys[n++] = key(hash, NEGATED_SEED, 0);
        if (word) {
            n += word_signs(m, r, begin, stop, keys + n);
            n += letters(r, begin, stop, keys + n);
        }
        negated_before = word && negates(m, r, hash);
        word_before = word;
        before = hash;
        begin = stop;
        tokens++;
    }
    if (!tokens) return 0;
    keys[n++] = key(before * BIGRAM + END, BIGRAM_SEED, 0);
    int length = 0;
    while (length < 6 && tokens > 1 << length) length++;
    keys[n++] = m->signs[length];
    return n;
}

/* ---- sums ---- */

static int32_t row_of(const Model *m, uint32_t wanted) {
    int32_t row = m->first[wanted >> (32 - FIRST_BITS)];
    while (row < m->rows && m->keys[row] < wanted) row++;
    return row < m->rows && m->keys[row] == wanted ? row : -1;
}

/* Nearest whole number, halves to the even one; for numbers below 2^51. */
static double nearest(double x) { return (x + 6755399441055744.0) - 6755399441055744.0; }

/* The table summed over the known n-grams, divided by norms and rounded; returns how many were known beside signs. */
static int sum_rows(const Model *m, Room *r, int n, uint8_t *often) {
    int64_t square[2] = {0, 0};
    int touched = 0, known = 0, wide = m->width + m->linear;
    memset(r->sums[0], 0, (size_t)m->stride * sizeof(int32_t));
    memset(r->sums[1], 0, (size_t)m->stride * sizeof(int32_t));
    for (int k = 0; k < n; k++) SOON(m->first + (r->keys[k] >> (32 - FIRST_BITS)));
    for (int k = 0; k < n; k++) {
        int32_t row = row_of(m, r->keys[k]);
        r->touched[touched] = row;
        touched += row >= 0;
        if (row >= 0) {
            SOON(m->table + (int64_t)row * m->stride);
            SOON(m->table + (int64_t)row * m->stride + m->stride - 1);
        }
    }
    for (int k = 0; k < touched; k++) {
        int32_t row = r->touched[k];
        known += !m->is_sign[row];
        int before = often[row];
        if (before >= m->cap) continue;
        often[row] = (uint8_t)(before + 1);
        int block = m->keys[row] & 1;
        int16_t weight = m->idf[row];
        square[block] += (int64_t)weight * weight * (2 * before + 1);
        const int8_t *column = m->table + (int64_t)row * m->stride;
        int32_t *sums = r->sums[block];
        for (int c = 0; c < m->stride; c++) sums[c] += (int16_t)(column[c] * weight);
    }
    for (int k = 0; k < touched; k++) often[r->touched[k]] = 0;
    for (int block = 0; block < 2; block++) {
        double norm = sqrt(square[block] > 0 ? (double)square[block] : 1.0);
        const double *scale = m->scale + block * wide;
        for (int c = 0; c < wide; c++) {
            double scaled = r->sums[block][c] / norm * scale[c];
            scaled = scaled > REACH ? REACH : scaled < -REACH ? -REACH : scaled;
            r->halves[block][c] = (int16_t)nearest(scaled);
        }
    }
    return known;
}

/* total[c] += weights[row][c] * given[row], whole numbers that fit (weights.py saw to it). */
static void multiply(const int16_t *given, int rows, const int16_t *weights, int columns, int32_t *total) {
    for (int row = 0; row < rows; row++) {
        int16_t factor = given[row];
        if (!factor) continue;
        const int16_t *weight = weights + (int64_t)row * columns;
        for (int c = 0; c < columns; c++) total[c] += (int32_t)factor * weight[c];
    }
}

/* The log odds of every column. */
static void log_odds(const Model *m, Room *r) {
    memcpy(r->first, m->hidden_bias, (size_t)m->hidden_units * sizeof(int32_t));
    multiply(r->halves[0], m->width, m->hidden, m->hidden_units, r->first);
    multiply(r->halves[1], m->width, m->hidden + (int64_t)m->width * m->hidden_units, m->hidden_units, r->first);
    for (int k = 0; k < m->hidden_units; k++) {
        double scaled = (double)(r->first[k] > 0 ? r->first[k] : 0) * m->hidden_scale[k];
        r->hidden[k] = (int16_t)nearest(scaled < REACH ? scaled : REACH);
    }
    memcpy(r->last, m->out_bias, (size_t)m->columns * sizeof(int32_t));
    multiply(r->hidden, m->hidden_units, m->out, m->columns, r->last);
    for (int c = 0; c < m->columns; c++) r->z[c] = r->last[c] * m->out_scale[c];
    for (int c = 0; c < m->linear; c++) r->linear[c] = r->halves[0][m->width + c] + r->halves[1][m->width + c];
}

/* ---- probabilities ---- */

static const double TERMS[11] = {1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                 1.0 / 24,      1.0 / 6,      1.0 / 2,     1.0,        1.0};

static void exponential(const double *given, double *power, int n) {
    for (int k = 0; k < n; k++) {
        double x = given[k] > -700.0 ? given[k] : -700.0;
        double shifted = x * 1.4426950408889634 + 6755399441055744.0;
        double whole = shifted - 6755399441055744.0;
        double rest = (x - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10;
        double total = TERMS[0];
        for (int t = 1; t < 11; t++) total = total * rest + TERMS[t];
        uint64_t bits;
        double two;
        memcpy(&bits, &shifted, 8);
        bits = (bits + 1023u) << 52;
        memcpy(&two, &bits, 8);
        power[k] = total * two;
    }
}

static void shares(const Model *m, Room *r, int head, int last) {
    int begin = m->head_begin[head], end = m->head_end[last - 1];
    for (int h = head; h < last; h++) {
        int from = m->head_begin[h], to = m->head_end[h];
        if (!m->head_softmax[h]) {
            for (int c = from; c < to; c++) r->power[c] = -fabs(r->y[c]);
            continue;
        }
        double top = r->y[from];
        for (int c = from + 1; c < to; c++) top = r->y[c] > top ? r->y[c] : top;
        for (int c = from; c < to; c++) r->power[c] = r->y[c] - top;
    }
    exponential(r->power + begin, r->power + begin, end - begin);
    for (int h = head; h < last; h++) {
        int from = m->head_begin[h], to = m->head_end[h];
        if (!m->head_softmax[h]) {
            for (int c = from; c < to; c++) r->shares[c] = (r->y[c] >= 0 ? 1.0 : r->power[c]) / (1.0 + r->power[c]);
            continue;
        }
        double total = r->power[from];
        for (int c = from + 1; c < to; c++) total += r->power[c];
        for (int c = from; c < to; c++) r->shares[c] = r->power[c] / total;
    }
    for (int c = begin; c < end; c++) r->shares[c] = nearest(r->shares[c] * 10000.0) / 10000.0;
}

static void calibrate(const Model *m, Room *r, int group, int begin, int end) {
    const double *shift = m->shift + (int64_t)group * m->columns, *rate = m->rate + (int64_t)group * m->columns;
    for (int c = begin; c < end; c++) r->y[c] = r->z[c];
    for (int k = 0; k < m->linear; k++)
        if (m->linear_group[k] == group) r->y[m->linear_column[k]] += r->linear[k] * m->linear_scale[k];
    for (int c = begin; c < end; c++) r->y[c] = (r->y[c] + shift[c]) * rate[c];
}

/* The group of the language that the language head sees. */
static int group_of(const Model *m, Room *r) {
    if (m->language_begin < 0) return 0;
    int head = 0;
    while (m->head_begin[head] != m->language_begin) head++;
    calibrate(m, r, 0, m->head_begin[head], m->head_end[head]);
    shares(m, r, head, head + 1);
    const double *share = r->shares + m->language_begin;
    int best = 0;
    for (int k = 1; k < m->language_values; k++)
        if (share[k] > share[best]) best = k;
    return share[best] >= m->language_sure ? m->value_group[best] : 0;
}

static void finish(const Model *m, Room *r, int given, const double *extra, double *out) {
    if (extra)
        for (int c = 0; c < m->columns; c++) r->z[c] += extra[c];
    int group = given >= 0 ? given : group_of(m, r);
    calibrate(m, r, group, 0, m->columns);
    shares(m, r, 0, m->heads);
    const uint8_t *reads = m->reads + (int64_t)group * m->columns;
    for (int c = 0; c < m->columns; c++) out[c] = reads[c] ? r->shares[c] : NAN;
}

/* ---- the door ---- */

/* Whether the figures of a model are such as the rooms above have space for. */
static int fits(const Model *m) {
    return m->width > 0 && m->linear >= 0 && m->linear <= MOST_LINEAR && m->width + m->linear <= m->stride &&
           m->stride <= MOST_WIDE && m->hidden_units > 0 && m->hidden_units <= MOST_HIDDEN && m->columns > 0 &&
           m->columns <= MOST_COLUMNS && m->heads > 0 && m->rows > 0 && m->cap > 0 && m->cap < 256 && m->groups > 0;
}

/* Read `n` texts: text `i` is the bytes from `offsets[i]` to `offsets[i + 1]`. `groups` (languages) and `extra` (what
 * is added to the sums) may be NULL. Returns 0; 1 where the model does not fit, 2 where offsets or groups do not, 3
 * where there is no memory. */
int seguito_read(const Model *m, const uint8_t *bytes, int64_t size, const int64_t *offsets, int64_t n,
                 const int8_t *groups, const double *extra, double *out) {
    if (!fits(m)) return 1;
    Room *room = malloc(sizeof(Room));
    uint8_t *often = calloc((size_t)m->rows, 1);
    int state = room && often ? 0 : 3;
    if (!state) {
        uint32_t power = 1;
        for (int k = 0; k < 8; k++, power *= BASE) room->power_of[k] = power;
        memset(room->negation_filter, 0, sizeof room->negation_filter);
        for (int k = 0; k < m->negation_count; k++)
            room->negation_filter[m->negations[k] >> 6 & 3] |= (uint64_t)1 << (m->negations[k] & 63);
        for (int k = 0; k < PAD; k++) {
            room->codes[k] = room->folded[k] = ' ';
            room->kinds[k] = room->folded_kinds[k] = SPACE;
        }
    }
    for (int64_t i = 0; i < n && !state; i++) {
        int64_t begin = offsets[i], end = offsets[i + 1];
        if (begin < 0 || end < begin || end > size || (groups && (groups[i] < 0 || groups[i] >= m->groups))) {
            state = 2;
            break;
        }
        int looks = 0, stop = fold(m, room, bytes + begin, end - begin, &looks);
        if (looks) stop = without_links(m, room, stop);
        stop = without_runs(room, stop);
        int known = sum_rows(m, room, all_keys(m, room, stop), often);
        double *row = out + i * m->columns;
        if (!known) {
            for (int c = 0; c < m->columns; c++) row[c] = NAN;
            continue;
        }
        log_odds(m, room);
        finish(m, room, groups ? groups[i] : -1, extra ? extra + i * m->columns : NULL, row);
    }
    free(room);
    free(often);
    return state;
}
