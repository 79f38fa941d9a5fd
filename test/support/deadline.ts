/** Twice what is promised, because tests share the processors. */
const SECONDS = 4;

/** Fails when a call does not end in time. */
export async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end within ${SECONDS} s.`)), SECONDS * 1000);
  });
  return Promise.race([call, deadline]).finally(() => clearTimeout(timer));
}
