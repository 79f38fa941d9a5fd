/** Why a start cannot succeed, however often it is tried: a sentence for the operator, who needs no stack. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
