/** Where Tandem is, and how this service authenticates there. */
export class Settings {
  constructor(
    readonly tandemUrl = process.env.TANDEM_URL ?? 'http://127.0.0.1:3000',
    /** `name:secret`, one of Tandem's `SERVICE_CLIENTS`. */
    readonly client = process.env.TANDEM_CLIENT ?? '',
    readonly port = Number(process.env.PORT ?? 3001),
  ) {}
}
