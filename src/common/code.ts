/** Digits of a code; what callers read of them says {@link CODE_FORM}. */
export const CODE_LENGTH = 6;
export const CODE_FORM = 'six digits';
export const CODE_PATTERN = new RegExp(`^[0-9]{${CODE_LENGTH}}$`);
