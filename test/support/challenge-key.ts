/** Where Redis keeps the challenge of a number, for connections of the application, which put the prefix before it. */
export const ownChallengeKey = (mobile: string) => `challenge:{${mobile}}`;

/** The same for any other. */
export const challengeKey = (mobile: string) => `tandem:${ownChallengeKey(mobile)}`;
