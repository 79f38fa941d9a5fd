/**
 * A function of a text that keeps its answers for when the same text comes again soon, as within a request. It forgets all
 * of them once there are `most`: to know which is the oldest would cost more than to work one out anew.
 *
 * @param answerTo whose answer may be undefined: then it is asked each time.
 */
export function remembering<T extends string, A>(
  answerTo: (text: T) => A,
  most: number,
): (text: T) => A {
  const answers = new Map<T, A>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = answerTo(text);
    if (answers.size >= most) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}
