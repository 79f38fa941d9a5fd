/** What the replies of Express and Fastify have in common. */
export interface Reply {
  header(name: string, value: string): unknown;
  status(status: number): unknown;
}
