import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'tandem-verifier:public';

/** Opens a route, or all of a controller, where the guard is global. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
