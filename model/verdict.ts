/**
 * What a finding says of a subject. `unsafe`: a cluster can choose two values with it. `deviates`: it does what the
 * reference does not, and no run within the stated bounds breaks agreement because of it. `inconclusive` is never a pass.
 */
export type Verdict = 'conforms' | 'deviates' | 'unsafe' | 'inconclusive';
