// The synod model by hand, as fast as one thread goes without tricks that need the whole state space: the yardstick for "close to
// the limit", not a product. A breadth-first search over states in one 64-bit word, with an exact table.
//
//   gcc -O3 -march=native -DA=3 -DB=4 -DV=2 [-DSYM=1] limit.c -o limit && ./limit
//
// A state is the set of messages sent; what acceptors remember, and what a promise reports, are functions of it:
//   promised by a = the highest ballot of its promises and votes;  reported in b by a = its highest vote below b.
// SYM=1 keeps one state of each orbit under renaming of acceptors and values: sorted columns, values numbered by first use. That is
// a canonical form, so no orbit is counted twice. Agreement is checked in every state.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#ifndef SYM
#define SYM 0
#endif
#define MAJORITY (A / 2 + 1)
#define COLUMN (2 * B)              // bits of one acceptor: a promise in each ballot, then a vote in each ballot
#define PREPARES (A * COLUMN)       // a bit for each ballot
#define VALUES (PREPARES + B)       // two bits for each ballot: the value proposed, counted from 1, or 0
#define BALLOTS ((1u << B) - 1)
_Static_assert(VALUES + 2 * B < 64 && V <= 3, "these bounds do not fit into the word");
typedef uint64_t u64;
typedef uint32_t u32;

static u64 *table, mask, *queue, room, found;

static inline u64 mix(u64 x) {
  x ^= x >> 32; x *= 0x9E3779B97F4A7C15ull; x ^= x >> 29; x *= 0xBF58476D1CE4E5B9ull;
  return x ^ x >> 32;
}

static void *checked(void *memory) {
  if (memory == NULL) { fprintf(stderr, "out of memory at %llu states\n", (unsigned long long)found); exit(2); }
  return memory;
}

static void grow(void) {
  u64 *old = table, oldMask = mask;
  mask = 2 * mask + 1;
  table = checked(calloc(mask + 1, sizeof(u64)));
  for (u64 i = 0; i <= oldMask; i++) if (old[i]) {
    u64 slot = mix(old[i]) & mask;
    while (table[slot]) slot = (slot + 1) & mask;
    table[slot] = old[i];
  }
  free(old);
}

static inline void add(u64 state) {
  u64 key = state + 1;              // 0 is an empty slot
  u64 slot = mix(key) & mask;
  for (; table[slot]; slot = (slot + 1) & mask) if (table[slot] == key) return;
  table[slot] = key;
  if (found == room) queue = checked(realloc(queue, (room *= 2) * sizeof(u64)));
  queue[found++] = state;
  if (found * 2 > mask) grow();
}

static inline u32 promisesOf(u64 state, int a) { return state >> (a * COLUMN) & BALLOTS; }
static inline u32 votesOf(u64 state, int a) { return state >> (a * COLUMN + B) & BALLOTS; }
static inline u32 valueIn(u64 state, int b) { return state >> (VALUES + 2 * b) & 3; }
static inline int highest(u32 ballots) { return ballots ? 31 - __builtin_clz(ballots) : -1; }

static inline u64 canonical(u64 state) {
  if (!SYM) return state;
  u32 column[A];
  for (int a = 0; a < A; a++) column[a] = state >> (a * COLUMN) & ((1u << COLUMN) - 1);
  for (int i = 1; i < A; i++)
    for (int j = i; j > 0 && column[j - 1] > column[j]; j--) { u32 other = column[j]; column[j] = column[j - 1]; column[j - 1] = other; }
  u64 sorted = state & (u64)BALLOTS << PREPARES;
  for (int a = 0; a < A; a++) sorted |= (u64)column[a] << (a * COLUMN);
  int name[4] = {0}, next = 1;
  for (int b = 0; b < B; b++) {
    u32 value = valueIn(state, b);
    if (value && !name[value]) name[value] = next++;
    sorted |= (u64)name[value] << (VALUES + 2 * b);
  }
  return sorted;
}

static void check(u64 state) {
  u32 chosen = 0;
  for (int b = 0; b < B; b++) {
    int voters = 0;
    for (int a = 0; a < A; a++) voters += votesOf(state, a) >> b & 1;
    if (voters < MAJORITY) continue;
    if (chosen && chosen != valueIn(state, b)) { printf("Agreement is broken in state %llx\n", (unsigned long long)state); exit(1); }
    chosen = valueIn(state, b);
  }
}

static void acceptorSteps(u64 state) {
  u32 prepared = state >> PREPARES & BALLOTS;
  for (int a = 0; a < A; a++) {
    u32 votes = votesOf(state, a);
    int promised = highest(promisesOf(state, a) | votes);
    for (int b = promised + 1; b < B; b++) if (prepared >> b & 1) add(canonical(state | 1ull << (a * COLUMN + b)));
    for (int b = promised < 0 ? 0 : promised; b < B; b++)
      if (valueIn(state, b) && !(votes >> b & 1)) add(canonical(state | 1ull << (a * COLUMN + B + b)));
  }
}

// The values that the leader of b may propose, as bits: each c of its promises is asked whether a quorum reports no vote above c.
static u32 safeValues(u64 state, int b) {
  int promises = 0, reporting[B + 1];   // reporting[c + 1]: promises in b that report a vote in c; [0]: that report none
  for (int c = 0; c <= b; c++) reporting[c] = 0;
  for (int a = 0; a < A; a++) if (promisesOf(state, a) >> b & 1) {
    promises++;
    reporting[highest(votesOf(state, a) & ((1u << b) - 1)) + 1]++;
  }
  if (promises < MAJORITY) return 0;
  u32 safe = 0;
  for (int c = 0, upTo = 0; c <= b; c++) {
    upTo += reporting[c];
    if (upTo < MAJORITY) continue;
    if (c == 0) safe = (1u << V) - 1;
    else if (reporting[c]) safe |= 1u << (valueIn(state, c - 1) - 1);
  }
  return safe;
}

static void leaderSteps(u64 state) {
  for (int b = 0; b < B; b++) {
    if (!(state >> (PREPARES + b) & 1)) add(canonical(state | 1ull << (PREPARES + b)));
    if (valueIn(state, b)) continue;
    u32 safe = safeValues(state, b);
    for (int v = 0; v < V; v++) if (safe >> v & 1) add(canonical(state | (u64)(v + 1) << (VALUES + 2 * b)));
  }
}

int main(void) {
  mask = (1 << 20) - 1;
  room = 1 << 20;
  table = checked(calloc(mask + 1, sizeof(u64)));
  queue = checked(malloc(room * sizeof(u64)));
  int depth = 1;                    // as TLC counts: the initial state is level 1
  add(0);
  for (u64 i = 0, level = 1; i < found; i++) {
    if (i == level) { depth++; level = found; }
    check(queue[i]);
    acceptorSteps(queue[i]);
    leaderSteps(queue[i]);
  }
  printf("%llu states, depth %d\n", (unsigned long long)found, depth);
}
