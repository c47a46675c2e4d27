package dev.wspool.samples.android

import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import dev.wspool.NetworkState
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.StateFlow

/** Knows the phone for all pools of the process. */
internal class PriceApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    lateinit var states: StateFlow<NetworkState>
        private set

    override fun onCreate() {
        super.onCreate()
        val activities = StartedActivities()
        registerActivityLifecycleCallbacks(activities)
        val connectivity = getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
        states = phoneStates(connectivity.defaultNetwork(), activities.isForeground, scope)
    }
}
