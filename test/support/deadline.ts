/** Four times what is promised, because tests share the processors. */
const SECONDS = 8;

/** Fails when a call does not end in time. */
export const inTime = <T>(call: Promise<T>): Promise<T> => within(SECONDS, call);

export async function within<T>(seconds: number, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end within ${seconds} s.`)), seconds * 1000);
  });
  return Promise.race([call, deadline]).finally(() => clearTimeout(timer));
}
