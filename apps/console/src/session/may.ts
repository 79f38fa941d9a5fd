import { me } from './gate.ts';
import { allows, type Role } from './roles.ts';

/** Whether the operator may do what this role may. The server decides again. */
export const may = (role: Role): boolean => allows(me.value?.roles ?? [], role);
