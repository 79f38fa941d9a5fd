interface Template {
  readonly full: string;
  /** For long names, where extra lines leave little room, and for codes that work for less than a minute. */
  readonly short: string;
}

/**
 * The code stands alone, near the language's word for it: that is how phones recognise it. Digits are ASCII
 * in every script. The Latin texts except Vietnamese keep to the characters of GSM-7 (3GPP TS 23.038), of
 * which a message holds more: Spanish says `clave` and Portuguese `PIN`, as the ó of `código` is not one.
 * Where minutes have plural forms they are abbreviated.
 */
export const TEMPLATES = {
  en: {
    full: '{code} is your {app} login code. It works for {minutes} min. Do not share it.',
    short: '{app} code: {code}',
  },
  'zh-CN': {
    full: '【{app}】验证码 {code}，{minutes}分钟内有效，请勿告知他人。',
    short: '【{app}】验证码 {code}',
  },
  'zh-TW': {
    full: '【{app}】驗證碼 {code}，{minutes} 分鐘內有效，請勿告知他人。',
    short: '【{app}】驗證碼 {code}',
  },
  ja: {
    full: '【{app}】認証コードは {code} です。{minutes}分間有効です。他人に教えないでください。',
    short: '【{app}】認証コード {code}',
  },
  ko: {
    full: '[{app}] 인증번호: {code}. {minutes}분간 유효합니다. 타인에게 알려주지 마세요.',
    short: '[{app}] 인증번호: {code}',
  },
  es: {
    full: '{code} es tu clave temporal de {app}. Caduca en {minutes} min. No la compartas con nadie.',
    short: '{app}: clave {code}',
  },
  fr: {
    full: '{code} est votre code de connexion {app}. Il est valable {minutes} min. Ne le partagez pas.',
    short: '{app} : code {code}',
  },
  de: {
    full: '{code} ist Ihr Anmeldecode für {app}. Er ist {minutes} Min. gültig. Geben Sie ihn nicht weiter.',
    short: '{app}: Code {code}',
  },
  'pt-BR': {
    full: '{code} é o seu PIN para entrar em {app}. Vale por {minutes} min. Nunca compartilhe este PIN.',
    short: '{app}: PIN {code}',
  },
  ru: {
    full: '{app}: код {code}. Никому его не сообщайте. Действует {minutes} мин.',
    short: '{app}: код {code}',
  },
  ar: {
    full: 'رمز {app}: {code}. صالح لمدة {minutes} د. لا تشاركه مع أحد.',
    short: 'رمز {app}: {code}',
  },
  hi: {
    full: '{code} आपका {app} लॉगिन कोड है। {minutes} मिनट तक मान्य। किसी को न बताएं।',
    short: '{app} कोड: {code}',
  },
  id: {
    full: '{code} adalah kode masuk {app} Anda. Berlaku {minutes} menit. Jangan berikan kepada siapa pun.',
    short: '{app}: kode {code}',
  },
  vi: {
    full: '{app}: mã xác thực {code}. Hiệu lực {minutes} phút. Không chia sẻ mã này.',
    short: '{app}: mã {code}',
  },
  th: {
    full: '{app}: รหัสยืนยัน {code} ใช้ได้ {minutes} นาที ห้ามบอกรหัสนี้กับผู้อื่น',
    short: '{app}: รหัส {code}',
  },
  tr: {
    full: '{app} kodunuz: {code}. Bu kod {minutes} dakika sonra sona erer. Kimseye vermeyin.',
    short: '{app} kodunuz: {code}',
  },
} as const satisfies Record<string, Template>;

export type Locale = keyof typeof TEMPLATES;

export const LOCALES = Object.keys(TEMPLATES) as Locale[];
