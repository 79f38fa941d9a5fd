import type { FoundUserDto } from '../../contract.ts';
import { may } from '../../session/may.ts';

/** Only administrators act on users with a role. */
export const mayActOn = ({ roles }: Pick<FoundUserDto, 'roles'>): boolean =>
  may(roles.length > 0 ? 'admin' : 'support');
