/** How long a record stays with a worker that says nothing. */
export const LEASE_MS = 30_000;
export const HEARTBEAT_MS = LEASE_MS / 3;
