import cluster from 'node:cluster';

/** Whether this process is one of several that a first process started and supervises. */
export const { isWorker } = cluster;
