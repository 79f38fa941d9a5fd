import type { Locale } from '../../sms/composer/templates';

/** Of the pages for a number that is, or was, somebody else's; with `{date}`. */
type ClaimWord =
  | 'takeBackHelp'
  | 'takeBack'
  | 'notMine'
  | 'kept'
  | 'takenBack'
  | 'recovery'
  | 'question'
  | 'asked'
  | 'mine'
  | 'password'
  | 'withoutPassword'
  | 'fresh'
  | 'freshHelp'
  | 'waits';

export const CLAIM_WORDS: Readonly<Record<Locale, Readonly<Record<ClaimWord, string>>>> = {
  en: {
    takeBackHelp:
      'If you did not change it, take the account back. It gets this number again, and all its devices are logged out.',
    takeBack: 'Take the account back',
    notMine: 'This is not my account',
    kept: 'This number is kept for that account until {date}. After that you can log in with it.',
    takenBack: 'The account has this number again. Please log in.',
    recovery: 'Both numbers have been proved. Nobody can log in until support has decided.',
    question: 'Is this account yours?',
    asked:
      'There is an account with this number. It was last used long ago, perhaps by somebody who had the number before you.',
    mine: 'Yes, it is mine',
    password: 'Password of the account, if it has one',
    withoutPassword:
      'Without its password what is stored in the account is lost, and you may have to wait a week.',
    fresh: 'No, it is not mine',
    freshHelp:
      'You get a new account. The other one is separated from this number, and you see nothing of it.',
    waits: 'Its user may object until {date}. Please log in again after that.',
  },
  'zh-CN': {
    takeBackHelp: '如果不是您更换的，请收回账号。账号将恢复使用此号码，其所有设备都会退出登录。',
    takeBack: '收回账号',
    notMine: '这不是我的账号',
    kept: '此号码在 {date} 之前为该账号保留。之后您可以用它登录。',
    takenBack: '该账号已恢复使用此号码。请登录。',
    recovery: '两个号码都已验证。在客服作出决定之前，任何人都无法登录。',
    question: '这是您的账号吗？',
    asked: '此号码已有一个账号，很久以前使用过，可能属于之前拥有此号码的人。',
    mine: '是的，是我的',
    password: '该账号的密码（如有）',
    withoutPassword: '没有密码时，账号中存储的内容会丢失，并且您可能需要等待一周。',
    fresh: '不，不是我的',
    freshHelp: '您会得到一个新账号。另一个账号将与此号码分离，您看不到它的任何内容。',
    waits: '该账号的用户可以在 {date} 之前提出异议。请在那之后重新登录。',
  },
  'zh-TW': {
    takeBackHelp: '如果不是您更換的，請收回帳號。帳號將恢復使用此號碼，其所有裝置都會登出。',
    takeBack: '收回帳號',
    notMine: '這不是我的帳號',
    kept: '此號碼在 {date} 之前為該帳號保留。之後您可以用它登入。',
    takenBack: '該帳號已恢復使用此號碼。請登入。',
    recovery: '兩個號碼都已驗證。在客服作出決定之前，任何人都無法登入。',
    question: '這是您的帳號嗎？',
    asked: '此號碼已有一個帳號，很久以前使用過，可能屬於之前擁有此號碼的人。',
    mine: '是的，是我的',
    password: '該帳號的密碼（如有）',
    withoutPassword: '沒有密碼時，帳號中儲存的內容會遺失，而且您可能需要等待一週。',
    fresh: '不，不是我的',
    freshHelp: '您會得到一個新帳號。另一個帳號將與此號碼分離，您看不到它的任何內容。',
    waits: '該帳號的使用者可以在 {date} 之前提出異議。請在那之後重新登入。',
  },
  ja: {
    takeBackHelp:
      '変更した覚えがない場合は、アカウントを取り戻してください。アカウントはこの番号に戻り、すべての端末がログアウトされます。',
    takeBack: 'アカウントを取り戻す',
    notMine: 'これは自分のアカウントではない',
    kept: 'この番号は {date} までそのアカウントのために確保されています。その後、この番号でログインできます。',
    takenBack: 'アカウントはこの番号に戻りました。ログインしてください。',
    recovery: '両方の番号が確認されました。サポートが判断するまで、誰もログインできません。',
    question: 'これはあなたのアカウントですか？',
    asked:
      'この番号のアカウントがあります。最後に使われたのはかなり前で、以前この番号を持っていた人のものかもしれません。',
    mine: 'はい、自分のものです',
    password: 'アカウントのパスワード（ある場合）',
    withoutPassword:
      'パスワードがないと、アカウントに保存された内容は失われ、1週間待つ必要がある場合があります。',
    fresh: 'いいえ、違います',
    freshHelp:
      '新しいアカウントが作られます。もう一方はこの番号から切り離され、その内容は表示されません。',
    waits: 'そのユーザーは {date} まで異議を申し立てられます。その後もう一度ログインしてください。',
  },
  ko: {
    takeBackHelp:
      '직접 변경하지 않았다면 계정을 되찾으세요. 계정은 다시 이 번호를 사용하고 모든 기기에서 로그아웃됩니다.',
    takeBack: '계정 되찾기',
    notMine: '내 계정이 아닙니다',
    kept: '이 번호는 {date}까지 해당 계정을 위해 보관됩니다. 그 후 이 번호로 로그인할 수 있습니다.',
    takenBack: '계정이 다시 이 번호를 사용합니다. 로그인하세요.',
    recovery:
      '두 번호가 모두 확인되었습니다. 고객지원이 결정할 때까지 아무도 로그인할 수 없습니다.',
    question: '회원님의 계정인가요?',
    asked:
      '이 번호의 계정이 있습니다. 오래전에 마지막으로 사용되었으며 이전에 이 번호를 쓰던 사람의 것일 수 있습니다.',
    mine: '네, 제 계정입니다',
    password: '계정의 비밀번호(있는 경우)',
    withoutPassword:
      '비밀번호가 없으면 계정에 저장된 내용이 사라지며 일주일을 기다려야 할 수 있습니다.',
    fresh: '아니요, 제 계정이 아닙니다',
    freshHelp: '새 계정이 만들어집니다. 다른 계정은 이 번호와 분리되며 그 내용은 보이지 않습니다.',
    waits: '해당 사용자는 {date}까지 이의를 제기할 수 있습니다. 그 후 다시 로그인하세요.',
  },
  es: {
    takeBackHelp:
      'Si no lo has cambiado tú, recupera la cuenta. Volverá a tener este número y se cerrará la sesión en todos sus dispositivos.',
    takeBack: 'Recuperar la cuenta',
    notMine: 'Esta cuenta no es mía',
    kept: 'Este número se reserva para esa cuenta hasta el {date}. Después podrás iniciar sesión con él.',
    takenBack: 'La cuenta vuelve a tener este número. Inicia sesión.',
    recovery:
      'Se han confirmado los dos números. Nadie puede iniciar sesión hasta que el servicio de asistencia decida.',
    question: '¿Es tuya esta cuenta?',
    asked:
      'Hay una cuenta con este número. Se usó por última vez hace mucho, quizá por quien tenía el número antes que tú.',
    mine: 'Sí, es mía',
    password: 'Contraseña de la cuenta, si tiene una',
    withoutPassword:
      'Sin su contraseña se pierde lo que hay guardado en la cuenta, y quizá tengas que esperar una semana.',
    fresh: 'No, no es mía',
    freshHelp:
      'Tendrás una cuenta nueva. La otra se separa de este número y no verás nada de ella.',
    waits: 'Su usuario puede oponerse hasta el {date}. Vuelve a iniciar sesión después.',
  },
  fr: {
    takeBackHelp:
      'Si vous ne l’avez pas changé, reprenez le compte. Il retrouvera ce numéro, et tous ses appareils seront déconnectés.',
    takeBack: 'Reprendre le compte',
    notMine: 'Ce n’est pas mon compte',
    kept: 'Ce numéro est réservé à ce compte jusqu’au {date}. Ensuite, vous pourrez vous connecter avec.',
    takenBack: 'Le compte a de nouveau ce numéro. Veuillez vous connecter.',
    recovery:
      'Les deux numéros ont été confirmés. Personne ne peut se connecter avant la décision de l’assistance.',
    question: 'Ce compte est-il le vôtre ?',
    asked:
      'Il existe un compte avec ce numéro. Il a été utilisé il y a longtemps, peut-être par la personne qui avait ce numéro avant vous.',
    mine: 'Oui, c’est le mien',
    password: 'Mot de passe du compte, s’il en a un',
    withoutPassword:
      'Sans son mot de passe, ce qui est enregistré dans le compte est perdu, et vous devrez peut-être attendre une semaine.',
    fresh: 'Non, ce n’est pas le mien',
    freshHelp:
      'Vous aurez un nouveau compte. L’autre est séparé de ce numéro, et vous n’en verrez rien.',
    waits: 'Son utilisateur peut s’y opposer jusqu’au {date}. Reconnectez-vous ensuite.',
  },
  de: {
    takeBackHelp:
      'Wenn Sie sie nicht geändert haben, holen Sie das Konto zurück. Es bekommt wieder diese Nummer, und alle seine Geräte werden abgemeldet.',
    takeBack: 'Konto zurückholen',
    notMine: 'Das ist nicht mein Konto',
    kept: 'Diese Nummer ist bis {date} für dieses Konto reserviert. Danach können Sie sich mit ihr anmelden.',
    takenBack: 'Das Konto hat wieder diese Nummer. Bitte melden Sie sich an.',
    recovery:
      'Beide Nummern wurden bestätigt. Niemand kann sich anmelden, bis der Support entschieden hat.',
    question: 'Ist das Ihr Konto?',
    asked:
      'Es gibt ein Konto mit dieser Nummer. Es wurde zuletzt vor langer Zeit verwendet, vielleicht von jemandem, der die Nummer vor Ihnen hatte.',
    mine: 'Ja, es ist meins',
    password: 'Passwort des Kontos, falls es eines hat',
    withoutPassword:
      'Ohne das Passwort geht verloren, was im Konto gespeichert ist, und Sie müssen vielleicht eine Woche warten.',
    fresh: 'Nein, es ist nicht meins',
    freshHelp:
      'Sie bekommen ein neues Konto. Das andere wird von dieser Nummer getrennt, und Sie sehen nichts davon.',
    waits:
      'Dessen Benutzer kann bis {date} widersprechen. Bitte melden Sie sich danach noch einmal an.',
  },
  'pt-BR': {
    takeBackHelp:
      'Se você não o mudou, recupere a conta. Ela volta a ter este número, e todos os dispositivos dela saem.',
    takeBack: 'Recuperar a conta',
    notMine: 'Esta conta não é minha',
    kept: 'Este número está reservado para essa conta até {date}. Depois disso, você pode entrar com ele.',
    takenBack: 'A conta tem este número novamente. Entre, por favor.',
    recovery: 'Os dois números foram confirmados. Ninguém pode entrar até o suporte decidir.',
    question: 'Esta conta é sua?',
    asked:
      'Existe uma conta com este número. Ela foi usada há muito tempo, talvez por quem tinha o número antes de você.',
    mine: 'Sim, é minha',
    password: 'Senha da conta, se houver',
    withoutPassword:
      'Sem a senha, o que está guardado na conta se perde, e talvez você precise esperar uma semana.',
    fresh: 'Não, não é minha',
    freshHelp:
      'Você terá uma conta nova. A outra é separada deste número, e você não vê nada dela.',
    waits: 'O usuário dela pode se opor até {date}. Entre novamente depois disso.',
  },
  ru: {
    takeBackHelp:
      'Если вы его не меняли, верните аккаунт. У него снова будет этот номер, а на всех его устройствах будет выполнен выход.',
    takeBack: 'Вернуть аккаунт',
    notMine: 'Это не мой аккаунт',
    kept: 'До {date} этот номер сохраняется за тем аккаунтом. После этого вы сможете войти с ним.',
    takenBack: 'У аккаунта снова этот номер. Войдите, пожалуйста.',
    recovery: 'Подтверждены оба номера. Никто не сможет войти, пока не решит служба поддержки.',
    question: 'Это ваш аккаунт?',
    asked:
      'С этим номером есть аккаунт. Им пользовались давно — возможно, тот, у кого этот номер был до вас.',
    mine: 'Да, мой',
    password: 'Пароль аккаунта, если он есть',
    withoutPassword:
      'Без пароля всё, что хранится в аккаунте, пропадёт, и, возможно, придётся подождать неделю.',
    fresh: 'Нет, не мой',
    freshHelp:
      'Вы получите новый аккаунт. Прежний будет отвязан от этого номера, и вы ничего из него не увидите.',
    waits: 'Его пользователь может возразить до {date}. После этого войдите ещё раз.',
  },
  ar: {
    takeBackHelp:
      'إذا لم تغيّره أنت فاستعد الحساب. سيعود إليه هذا الرقم وسيتم تسجيل الخروج من كل أجهزته.',
    takeBack: 'استعادة الحساب',
    notMine: 'هذا ليس حسابي',
    kept: 'هذا الرقم محجوز لذلك الحساب حتى {date}. بعد ذلك يمكنك تسجيل الدخول به.',
    takenBack: 'عاد هذا الرقم إلى الحساب. يرجى تسجيل الدخول.',
    recovery: 'تم تأكيد الرقمين. لا يمكن لأحد تسجيل الدخول حتى يقرر فريق الدعم.',
    question: 'هل هذا الحساب لك؟',
    asked: 'يوجد حساب بهذا الرقم. استُخدم آخر مرة منذ زمن طويل، وربما كان لمن امتلك الرقم قبلك.',
    mine: 'نعم، هو حسابي',
    password: 'كلمة مرور الحساب إن وُجدت',
    withoutPassword:
      'من دون كلمة المرور يُفقد ما هو محفوظ في الحساب، وقد تحتاج إلى الانتظار أسبوعًا.',
    fresh: 'لا، ليس حسابي',
    freshHelp: 'ستحصل على حساب جديد. يُفصل الحساب الآخر عن هذا الرقم ولن ترى شيئًا منه.',
    waits: 'يمكن لصاحبه الاعتراض حتى {date}. يرجى تسجيل الدخول مرة أخرى بعد ذلك.',
  },
  hi: {
    takeBackHelp:
      'अगर आपने इसे नहीं बदला, तो खाता वापस लें। उसे फिर यह नंबर मिलेगा और उसके सभी डिवाइस लॉग आउट हो जाएँगे।',
    takeBack: 'खाता वापस लें',
    notMine: 'यह मेरा खाता नहीं है',
    kept: 'यह नंबर {date} तक उस खाते के लिए रखा गया है। उसके बाद आप इससे लॉग इन कर सकते हैं।',
    takenBack: 'खाते का फिर से यही नंबर है। कृपया लॉग इन करें।',
    recovery: 'दोनों नंबरों की पुष्टि हो चुकी है। जब तक सहायता टीम फ़ैसला न करे, कोई लॉग इन नहीं कर सकता।',
    question: 'क्या यह खाता आपका है?',
    asked:
      'इस नंबर का एक खाता है। इसे बहुत पहले इस्तेमाल किया गया था, शायद उसने जिसके पास यह नंबर आपसे पहले था।',
    mine: 'हाँ, यह मेरा है',
    password: 'खाते का पासवर्ड, अगर हो',
    withoutPassword: 'पासवर्ड के बिना खाते में सहेजी गई चीज़ें चली जाएँगी, और शायद आपको एक हफ़्ता रुकना पड़े।',
    fresh: 'नहीं, यह मेरा नहीं है',
    freshHelp: 'आपको नया खाता मिलेगा। दूसरा खाता इस नंबर से अलग हो जाएगा और आपको उसका कुछ नहीं दिखेगा।',
    waits: 'उसका उपयोगकर्ता {date} तक आपत्ति कर सकता है। उसके बाद फिर से लॉग इन करें।',
  },
  id: {
    takeBackHelp:
      'Jika bukan Anda yang mengubahnya, ambil kembali akun. Akun mendapat nomor ini lagi, dan semua perangkatnya keluar.',
    takeBack: 'Ambil kembali akun',
    notMine: 'Ini bukan akun saya',
    kept: 'Nomor ini disimpan untuk akun itu sampai {date}. Setelah itu Anda dapat masuk dengannya.',
    takenBack: 'Akun memakai nomor ini lagi. Silakan masuk.',
    recovery:
      'Kedua nomor telah dibuktikan. Tidak ada yang dapat masuk sampai layanan dukungan memutuskan.',
    question: 'Apakah ini akun Anda?',
    asked:
      'Ada akun dengan nomor ini. Akun itu terakhir digunakan sudah lama, mungkin oleh pemilik nomor ini sebelum Anda.',
    mine: 'Ya, ini milik saya',
    password: 'Kata sandi akun, jika ada',
    withoutPassword:
      'Tanpa kata sandinya, yang tersimpan di akun hilang, dan Anda mungkin harus menunggu seminggu.',
    fresh: 'Bukan, ini bukan milik saya',
    freshHelp:
      'Anda mendapat akun baru. Akun yang lain dipisahkan dari nomor ini, dan Anda tidak melihat isinya.',
    waits: 'Penggunanya dapat berkeberatan sampai {date}. Silakan masuk lagi setelah itu.',
  },
  vi: {
    takeBackHelp:
      'Nếu bạn không đổi số, hãy lấy lại tài khoản. Tài khoản sẽ dùng lại số này và mọi thiết bị của tài khoản bị đăng xuất.',
    takeBack: 'Lấy lại tài khoản',
    notMine: 'Đây không phải tài khoản của tôi',
    kept: 'Số này được giữ cho tài khoản đó đến {date}. Sau đó bạn có thể đăng nhập bằng số này.',
    takenBack: 'Tài khoản đã dùng lại số này. Vui lòng đăng nhập.',
    recovery:
      'Cả hai số đều đã được xác nhận. Không ai đăng nhập được cho đến khi bộ phận hỗ trợ quyết định.',
    question: 'Đây có phải tài khoản của bạn không?',
    asked:
      'Có một tài khoản với số này. Tài khoản được dùng lần cuối từ lâu, có thể bởi người dùng số này trước bạn.',
    mine: 'Có, là của tôi',
    password: 'Mật khẩu của tài khoản, nếu có',
    withoutPassword:
      'Nếu không có mật khẩu, những gì lưu trong tài khoản sẽ mất và có thể bạn phải chờ một tuần.',
    fresh: 'Không, không phải của tôi',
    freshHelp:
      'Bạn sẽ có tài khoản mới. Tài khoản kia được tách khỏi số này và bạn không thấy gì của nó.',
    waits: 'Người dùng của tài khoản có thể phản đối đến {date}. Vui lòng đăng nhập lại sau đó.',
  },
  th: {
    takeBackHelp: 'หากคุณไม่ได้เปลี่ยน ให้นำบัญชีกลับคืน บัญชีจะใช้หมายเลขนี้อีกครั้ง และอุปกรณ์ทั้งหมดจะออกจากระบบ',
    takeBack: 'นำบัญชีกลับคืน',
    notMine: 'นี่ไม่ใช่บัญชีของฉัน',
    kept: 'หมายเลขนี้ถูกเก็บไว้ให้บัญชีนั้นจนถึง {date} หลังจากนั้นคุณเข้าสู่ระบบด้วยหมายเลขนี้ได้',
    takenBack: 'บัญชีใช้หมายเลขนี้อีกครั้งแล้ว โปรดเข้าสู่ระบบ',
    recovery: 'มีการยืนยันทั้งสองหมายเลขแล้ว ไม่มีใครเข้าสู่ระบบได้จนกว่าฝ่ายสนับสนุนจะตัดสิน',
    question: 'นี่คือบัญชีของคุณหรือไม่',
    asked: 'มีบัญชีที่ใช้หมายเลขนี้ ใช้ครั้งล่าสุดนานแล้ว อาจเป็นของผู้ที่มีหมายเลขนี้ก่อนคุณ',
    mine: 'ใช่ เป็นของฉัน',
    password: 'รหัสผ่านของบัญชี หากมี',
    withoutPassword: 'หากไม่มีรหัสผ่าน สิ่งที่เก็บไว้ในบัญชีจะหายไป และคุณอาจต้องรอหนึ่งสัปดาห์',
    fresh: 'ไม่ใช่ ไม่ใช่ของฉัน',
    freshHelp: 'คุณจะได้บัญชีใหม่ บัญชีเดิมจะแยกจากหมายเลขนี้ และคุณจะไม่เห็นข้อมูลใดๆ ของบัญชีนั้น',
    waits: 'ผู้ใช้ของบัญชีคัดค้านได้จนถึง {date} โปรดเข้าสู่ระบบอีกครั้งหลังจากนั้น',
  },
  tr: {
    takeBackHelp:
      'Numarayı siz değiştirmediyseniz hesabı geri alın. Hesap yeniden bu numarayı kullanır ve tüm cihazlarından çıkış yapılır.',
    takeBack: 'Hesabı geri al',
    notMine: 'Bu benim hesabım değil',
    kept: 'Bu numara {date} tarihine kadar o hesap için saklanır. Sonra bu numarayla giriş yapabilirsiniz.',
    takenBack: 'Hesap yeniden bu numarayı kullanıyor. Lütfen giriş yapın.',
    recovery: 'İki numara da doğrulandı. Destek karar verene kadar kimse giriş yapamaz.',
    question: 'Bu hesap sizin mi?',
    asked:
      'Bu numarayla bir hesap var. En son uzun zaman önce, belki numaranın sizden önceki sahibi tarafından kullanıldı.',
    mine: 'Evet, benim',
    password: 'Hesabın parolası (varsa)',
    withoutPassword:
      'Parola olmadan hesapta saklananlar kaybolur ve bir hafta beklemeniz gerekebilir.',
    fresh: 'Hayır, benim değil',
    freshHelp:
      'Yeni bir hesabınız olur. Diğeri bu numaradan ayrılır ve ondan hiçbir şey görmezsiniz.',
    waits: 'Kullanıcısı {date} tarihine kadar itiraz edebilir. Lütfen sonra yeniden giriş yapın.',
  },
};
