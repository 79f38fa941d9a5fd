/** Tandem in a React Native app: tokens in the keychain, and a look at the session whenever the app comes back. */
import 'react-native-get-random-values';
import * as SecureStore from 'expo-secure-store';
import { AppState, Platform } from 'react-native';
import { createTandem } from '@tandem/client';

/** Keychains take letters, digits, `.`, `-` and `_` in names. */
const nameOf = (name: string) => name.replaceAll(/[^\w.-]/g, '_');

// oxlint-disable-next-line eslint/no-underscore-dangle -- its name in React Native
const build = __DEV__ ? 'debug' : 'store';

export const tandem = createTandem({
  url: 'https://auth.example.com',
  storage: {
    getItem: (name) => SecureStore.getItemAsync(nameOf(name)),
    setItem: (name, text) => SecureStore.setItemAsync(nameOf(name), text),
    removeItem: (name) => SecureStore.deleteItemAsync(nameOf(name)),
  },
  app: Platform.OS === 'android' ? build : undefined,
});

AppState.addEventListener('change', (state) => {
  if (state === 'active') void tandem.wake();
});

/** To be awaited before the first screen: the keychain takes a moment. */
export async function isLoggedIn(): Promise<boolean> {
  await tandem.ready;
  const { status } = tandem.session();
  return status !== 'anonymous' && status !== 'ended';
}
