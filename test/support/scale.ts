/** `npm run simulate` runs attacks at the scale that the README tells of, `npm test` a tenth of it. */
export const AT_FULL_SCALE = process.env.SIMULATE === 'full';
