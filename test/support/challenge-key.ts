/** Where Redis keeps the challenge of a number. */
export const challengeKey = (mobile: string) => `tandem:challenge:{${mobile}}`;
